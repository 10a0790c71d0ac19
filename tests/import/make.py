"""Makes the fixtures beside it; the tests do not need it.

openpyxl.xlsx by openpyxl 3.1, xlwt.xls by xlwt 1.3, python-docx.docx by python-docx 1.2. LibreOffice 7.4 made
the others of them: soffice --headless --convert-to ods:calc8 openpyxl.xlsx (named libreoffice.ods), and
soffice --headless --convert-to docx python-docx.docx (named libreoffice.docx), and
soffice --headless --convert-to pdf python-docx.docx (named libreoffice.pdf); in the same way
libreoffice-long.pdf of long.docx, which is not kept.

Run in this folder: python make.py [openpyxl] [xlwt] [docx] [long]
"""
import sys

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


GOAL = "目标一。\n目标“二” # 不是注释。"


def form(name, unit, amounts, goal=GOAL, rows=ROWS):
    """The cells of one form: (row, column, value, rows, columns); the columns are not those of our own files.
    A value with a format of numbers is a pair."""
    cells = []

    def put(row, column, value, rows=1, columns=1):
        cells.append((row, column, value, rows, columns))

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
    put(8, 1, goal, 1, 5)
    for column, head in enumerate(["名称", "一级指标", "二级指标", "三级指标", "指标值"]):
        put(9, column, head, 1, 2 if column == 4 else 1)
    row = 10
    start = row
    for first, seconds in TREE:
        first_row = row
        for second in seconds:
            put(row, 2, second, len(rows[second]), 1)
            for indicator, value in rows[second]:
                put(row, 3, indicator)
                put(row, 4, value, 1, 2)
                row += 1
        put(first_row, 1, first, row - first_row, 1)
    put(start, 0, "绩效指标", row - start, 1)
    return cells, row


def workbook(put):
    """Three forms on two worksheets, by put(sheet, row, column, value, rows, columns); rows and columns from 0."""

    def place(sheet, top, left, name, unit, amounts):
        cells, rows = form(name, unit, amounts)
        for row, column, value, height, width in cells:
            put(sheet, top + row, left + column, value, height, width)
        return top + rows

    put("两张表", 1, 1, "附件2", 1, 1)
    # The total is what computing makes of it.
    end = place("两张表", 3, 1, "培训经费", "万元", [0.154171 * 3 / 3, 0])
    place("两张表", end + 3, 2, "用元的项目", "元", [33098.5, 1.25])
    end = place("第三张", 0, 0, "第三个项目", "万元", [3, 0.5])
    put("第三张", end + 1, 0, "填表人：张三", 1, 1)


def by_openpyxl():
    import openpyxl

    wb = openpyxl.Workbook()
    wb.remove(wb.active)

    def put(sheet, row, column, value, rows, columns):
        ws = wb[sheet] if sheet in wb.sheetnames else wb.create_sheet(sheet)
        cell = ws.cell(row + 1, column + 1)
        if isinstance(value, tuple):
            cell.value, cell.number_format = value
        else:
            cell.value = value
        if rows > 1 or columns > 1:
            ws.merge_cells(start_row=row + 1, start_column=column + 1, end_row=row + rows, end_column=column + columns)

    workbook(put)
    wb.save("openpyxl.xlsx")


def by_xlwt():
    import xlwt

    wb = xlwt.Workbook()
    sheets = {}

    def put(sheet, row, column, value, rows, columns):
        if sheet not in sheets:
            sheets[sheet] = wb.add_sheet(sheet)
        style = xlwt.XFStyle()
        if isinstance(value, tuple):
            value, style.num_format_str = value
        sheets[sheet].write_merge(row, row + rows - 1, column, column + columns - 1, value, style)

    workbook(put)
    wb.save("xlwt.xls")


def document_of(forms):
    """A document with some forms, each on a new page."""
    import docx

    shown = {(55, '0"人"'): "55人", (1, "0%"): "100%", (0.055, "0.0%"): "5.5%"}
    document = docx.Document()
    document.add_paragraph("附件2")
    for cells, rows in forms:
        for row, _, value, _, _ in cells:
            if row < 2:
                document.add_paragraph(value)
        table = document.add_table(rows - 2, 6)
        table.style = "Table Grid"
        for row, column, value, height, width in cells:
            if row >= 2:
                cell = table.cell(row - 2, column)
                if height > 1 or width > 1:
                    cell = cell.merge(table.cell(row + height - 3, column + width - 1))
                cell.text = shown.get(value, str(value)) if isinstance(value, tuple) else str(value)
        document.add_page_break()
    return document


def by_python_docx():
    forms = [("培训经费", [0.154171, 0]), ("第三个项目", [3, 0.5])]
    document_of(form(name, "万元", amounts) for name, amounts in forms).save("python-docx.docx")


def by_python_docx_long():
    """Pages end within the goal, within indicators, and where labels are not said again."""
    goal = "目标很长，一页写不下，分到几页上。" * 150
    many = [(f"第{n}项指标，名称长一些要写两行才写得下", f"≥{n}%，并且说明也写得长一点") for n in range(1, 31)]
    rows = ROWS | {"数量指标（必填硬性指标）": many}
    document_of([form("长项目", "万元", [1, 2], goal, rows)]).save("long.docx")


MAKERS = {"openpyxl": by_openpyxl, "xlwt": by_xlwt, "docx": by_python_docx, "long": by_python_docx_long}
for maker in sys.argv[1:] or MAKERS:
    MAKERS[maker]()
