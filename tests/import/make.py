"""Makes the fixtures beside it, with openpyxl 3.1; the tests do not need it.

Run in this folder: python make.py
"""
import openpyxl

TREE = [
    ("产出指标", ["数量指标（必填硬性指标）", "质量指标（必填）", "时效指标（必填）", "成本指标（必填硬性指标）"]),
    ("效益指标", ["社会效益指标（必填）", "经济效益指标（必填）", "生态效益指标（必填）", "可持续影响指标（必填）"]),
    ("满意度指标", ["服务对象满意度指标（必填）"]),
]
ROWS = {
    "数量指标（必填硬性指标）": [("培训人数", (55, '0"人"')), ("培训场次", "3场")],
    "质量指标（必填）": [("合格率", (1, "0%"))],
    "时效指标（必填）": [("完成时间", "年底前")],
    "成本指标（必填硬性指标）": [("经费标准", "500元/人\n（含资料费）")],
    "社会效益指标（必填）": [("群众技能", "提高")],
    "经济效益指标（必填）": [("增收", (0.055, "0.0%"))],
    "生态效益指标（必填）": [("村容村貌", "改善")],
    "可持续影响指标（必填）": [("长期运用", "持续")],
    "服务对象满意度指标（必填）": [("学员满意度", "≥95%")],
}


def form(ws, top, left, name, unit, amounts):
    """One form, its corner at this row and column; the columns are not those of our own workbooks."""

    def put(row, column, value, rows=1, columns=1):
        cell = ws.cell(top + row, left + column)
        if isinstance(value, tuple):
            cell.value, cell.number_format = value
        else:
            cell.value = value
        if rows > 1 or columns > 1:
            ws.merge_cells(start_row=top + row, start_column=left + column,
                           end_row=top + row + rows - 1, end_column=left + column + columns - 1)

    put(0, 0, "部门项目支出预算绩效目标表", 1, 6)
    put(1, 0, "(2024年度)", 1, 6)
    put(2, 0, "项目名称")
    put(2, 1, name, 1, 5)
    put(3, 0, "主管部门及代码")
    put(3, 1, "测试局 012", 1, 2)
    put(3, 3, "实施单位")
    put(3, 4, "测试局本级", 1, 2)
    put(4, 0, "项目属性")
    put(4, 1, "0101-一年期项目", 1, 2)
    put(4, 3, "项目期")
    put(4, 4, "1年", 1, 2)
    put(5, 0, f"项目资金（{unit}）", 3, 1)
    put(5, 1, "年度资金总额:", 1, 2)
    put(5, 3, sum(amounts), 1, 3)
    put(6, 1, "其中:财政拨款", 1, 2)
    put(6, 3, amounts[0], 1, 3)
    put(7, 1, "其他资金", 1, 2)
    put(7, 3, amounts[1], 1, 3)
    put(8, 0, "年度总体目标")
    put(8, 1, "目标一。\n目标“二” # 不是注释。", 1, 5)
    for column, head in enumerate(["名称", "一级指标", "二级指标", "三级指标", "指标值"]):
        put(9, column, head, 1, 2 if column == 4 else 1)
    row = 10
    start = row
    for first, seconds in TREE:
        first_row = row
        for second in seconds:
            rows = ROWS[second]
            put(row, 2, second, len(rows), 1)
            for indicator, value in rows:
                put(row, 3, indicator)
                put(row, 4, value, 1, 2)
                row += 1
        put(first_row, 1, first, row - first_row, 1)
    put(start, 0, "绩效指标", row - start, 1)
    return top + row


def main():
    wb = openpyxl.Workbook()
    ws = wb.active
    ws.title = "两张表"
    ws["B2"] = "附件2"
    end = form(ws, 4, 2, "培训经费", "万元", [0.154171 + 1e-17 + 0.000000, 0])
    ws.cell(7 + 2, 5).value = 0.154171 * 3 / 3
    form(ws, end + 3, 3, "用元的项目", "元", [33098.5, 1.25])
    ws = wb.create_sheet("第三张")
    end = form(ws, 1, 1, "第三个项目", "万元", [3, 0.5])
    ws.cell(end + 1, 1).value = "填表人：张三"
    wb.save("openpyxl.xlsx")


main()
