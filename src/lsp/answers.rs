//! The answers to what an editor asks about a file.

use std::collections::HashMap;
use std::path::PathBuf;

use lsp_server::{ErrorCode, Request, Response};
use lsp_types::request::{Formatting, Request as _};
use lsp_types::{
    CodeAction, CodeActionKind, CodeActionOrCommand, CodeActionParams, CompletionItem,
    CompletionItemKind, CompletionParams, CompletionResponse, CompletionTextEdit,
    DocumentFormattingParams, DocumentSymbol, DocumentSymbolParams, DocumentSymbolResponse,
    Documentation, FoldingRange, FoldingRangeParams, GotoDefinitionParams, GotoDefinitionResponse,
    Hover, HoverContents, HoverParams, InsertTextFormat, MarkupContent, MarkupKind, SymbolKind,
    TextDocumentPositionParams, TextEdit, Uri, WorkspaceEdit,
};

use super::Server;
use super::context::{Context, Part};
use super::findings::{diagnostic, location, range};
use super::text::{self, Lines};
use super::words::{self, File, Shape, Word};
use crate::author::format::{Kind, format};
use crate::diagnostics::{Finding, SourceFile, shown};
use crate::form::Definition;
use crate::toml::Located;
use crate::workspace::CONFIG_FILE;

/// A file that is open in the editor.
struct Opened<'o> {
    path: PathBuf,
    file: File,
    text: &'o str,
    lines: Lines<'o>,
}

impl Server<'_, '_> {
    fn opened(&self, uri: &Uri) -> Option<Opened<'_>> {
        let path = text::path(uri)?;
        let text = self.open.get(&path)?.as_str();
        let file = if path == self.session.workspace().root().join(CONFIG_FILE) {
            File::Settings
        } else {
            self.session.place(&path)?;
            File::Data(Kind::of(&path))
        };
        Some(Opened { path, file, text, lines: Lines::new(text) })
    }

    fn at(&self, place: &TextDocumentPositionParams) -> Option<(Opened<'_>, usize)> {
        let opened = self.opened(&place.text_document.uri)?;
        let offset = opened.lines.offset(place.position);
        Some((opened, offset))
    }

    /// What is said of a file.
    fn findings(&self, opened: &Opened<'_>) -> impl Iterator<Item = &Finding> {
        let place = self.session.place(&opened.path);
        let standing = place.and_then(|place| self.session.standing(&place.department));
        let findings = standing.map_or(&[][..], |standing| standing.findings());
        let name = shown(&opened.path);
        findings.iter().chain(self.session.own_findings()).filter(move |it| it.file() == name)
    }

    /// The keys of a text that somebody is typing.
    fn located(&self, opened: &Opened<'_>) -> Vec<Located> {
        let source = SourceFile::new("", opened.text);
        self.session.form_of(&opened.path).document(&source, &mut Vec::new()).located()
    }

    pub(super) fn complete(&self, params: &CompletionParams) -> Option<CompletionResponse> {
        let (opened, offset) = self.at(&params.text_document_position)?;
        let context = Context::at(opened.text, offset)?;
        let form = self.session.form_of(&opened.path);
        let written = self.located(&opened);
        let own = |table: &[String]| -> Vec<String> {
            let table = words::joined(form, table);
            let is_own =
                |it: &&Located| it.path.split_last().is_some_and(|(_, within)| within == table);
            written.iter().filter(is_own).filter_map(|it| it.path.last().cloned()).collect()
        };
        let (table, has_value, is_header) = match context.part {
            Part::Value => return Some(self.values(&opened, &context)),
            Part::Header => (Vec::new(), true, true),
            Part::Key { has_value } => (context.table.clone(), has_value, false),
            Part::Column { has_value } => {
                let row = context.keys.first()?.clone();
                ([context.table.clone(), vec![row]].concat(), has_value, false)
            }
        };
        let words = words::words(form, opened.file, &table);
        let present = own(&table);
        let current = context.keys.last();
        let is_top = table.is_empty() && context.table.is_empty();
        let is_missing =
            |word: &&Word| !present.contains(&word.name) || Some(&word.name) == current;
        let fits = |word: &&Word| !is_header || word.shape == Shape::Table;
        let reported: Vec<&str> = self.findings(&opened).map(|finding| finding.rule.code).collect();
        let mut offered: Vec<&Word> = words.iter().filter(is_missing).filter(fits).collect();
        // Below the last line of a table, another may begin.
        let tables = words::words(form, opened.file, &[]);
        if !is_top && !is_header && !has_value && matches!(context.part, Part::Key { .. }) {
            let present = own(&[]);
            let is_new = |word: &&Word| word.shape == Shape::Table && !present.contains(&word.name);
            offered.extend(tables.iter().filter(is_new));
        }
        let replaced = opened.lines.range(&context.range);
        let typed = opened.text.get(context.range.clone()).unwrap_or_default();
        let items = offered.into_iter().enumerate().map(|(index, word)| {
            let (new, is_snippet) = self.written(form, word, has_value && !is_header);
            // What is reported here is what is most likely waived here.
            let is_reported = reported.contains(&word.name.as_str());
            let opening = typed.chars().next().filter(|c| matches!(c, '"' | '\'' | '['));
            let second = typed.chars().nth(1).filter(|c| opening == Some('[') && *c == '"');
            CompletionItem {
                label: word.name.clone(),
                kind: Some(match word.shape {
                    Shape::Table => CompletionItemKind::MODULE,
                    _ => CompletionItemKind::FIELD,
                }),
                detail: Some(word.about.clone()),
                documentation: (!word.help.is_empty())
                    .then(|| Documentation::String(word.help.clone())),
                sort_text: Some(format!("{}{index:03}", u8::from(!is_reported))),
                filter_text: Some(
                    opening.into_iter().chain(second).chain(word.name.chars()).collect(),
                ),
                insert_text_format: is_snippet.then_some(InsertTextFormat::SNIPPET),
                text_edit: Some(CompletionTextEdit::Edit(TextEdit::new(replaced, new))),
                ..CompletionItem::default()
            }
        });
        Some(CompletionResponse::Array(items.collect()))
    }

    /// A word as it is written, and whether the editor puts the cursor to where `$` is.
    fn written(&self, form: &Definition, word: &Word, has_value: bool) -> (String, bool) {
        let name = &word.name;
        let snippets = self.editor.client.has_snippets;
        let here = if snippets { "$0" } else { "" };
        match word.shape {
            Shape::Table => (format!("{}\n{here}", form.header(name)), snippets),
            _ if has_value => (format!("\"{name}\""), false),
            Shape::Text => (format!("\"{name}\" = \"{here}\""), snippets),
            Shape::Number => (format!("\"{name}\" = {here}"), snippets),
        }
    }

    fn values(&self, opened: &Opened<'_>, context: &Context) -> CompletionResponse {
        let Some((key, within)) = context.keys.split_last() else {
            return CompletionResponse::Array(Vec::new());
        };
        let table = [&context.table[..], within].concat();
        let words = words::words(self.session.form_of(&opened.path), opened.file, &table);
        let word = words.into_iter().find(|word| word.name == *key);
        let written = opened.text.get(context.range.clone()).unwrap_or_default();
        let items = word.into_iter().flat_map(|word| word.choices).map(|choice| {
            let new = format!(" \"{choice}\"");
            CompletionItem {
                kind: Some(CompletionItemKind::ENUM_MEMBER),
                filter_text: Some(format!("{written}{choice}")),
                text_edit: Some(CompletionTextEdit::Edit(TextEdit::new(
                    opened.lines.range(&context.range),
                    new,
                ))),
                label: choice,
                ..CompletionItem::default()
            }
        });
        CompletionResponse::Array(items.collect())
    }

    pub(super) fn hover(&self, params: &HoverParams) -> Option<Hover> {
        let (opened, offset) = self.at(&params.text_document_position_params)?;
        let mut parts = Vec::new();
        let mut place = None;
        if let Some(context) = Context::at(opened.text, offset)
            && context.part != Part::Value
            && let Some((key, within)) = context.keys.split_last()
        {
            let table = [&context.table[..], within].concat();
            let help = words::help(self.session.form_of(&opened.path), opened.file, &table, key);
            place = help.is_some().then(|| opened.lines.range(&context.range));
            parts.extend(help);
        }
        let is_here = |it: &&Finding| {
            it.span().is_some_and(|span| span.range.start <= offset && offset <= span.range.end)
        };
        for finding in self.findings(&opened).filter(is_here) {
            place = place.or_else(|| finding.span().map(range));
            let explained = words::explained(finding.rule);
            if !parts.contains(&explained) {
                parts.push(explained);
            }
        }
        let value = parts.join("\n\n---\n\n");
        (!value.is_empty()).then_some(Hover {
            contents: HoverContents::Markup(MarkupContent { kind: MarkupKind::Markdown, value }),
            range: place,
        })
    }

    /// The other places of what is found here.
    pub(super) fn related(&self, params: &GotoDefinitionParams) -> Option<GotoDefinitionResponse> {
        let (opened, offset) = self.at(&params.text_document_position_params)?;
        let here = self.findings(&opened).filter(|it| {
            it.span().is_some_and(|span| span.range.start <= offset && offset <= span.range.end)
        });
        let places = here.flat_map(|finding| &finding.related);
        let places: Vec<_> = places.filter_map(|(span, _)| location(span)).collect();
        (!places.is_empty()).then_some(GotoDefinitionResponse::Array(places))
    }

    pub(super) fn actions(&self, params: &CodeActionParams) -> Vec<CodeActionOrCommand> {
        let uri = &params.text_document.uri;
        let Some(opened) = self.opened(uri) else { return Vec::new() };
        let is_wanted = |kind: &CodeActionKind| match &params.context.only {
            None => true,
            Some(kinds) => kinds.iter().any(|asked| {
                let rest = kind.as_str().strip_prefix(asked.as_str());
                rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
            }),
        };
        let edit = |edits: Vec<TextEdit>| {
            // An editor looks files up by their URIs, and by nothing else.
            #[expect(clippy::mutable_key_type, reason = "as the protocol has it")]
            let changes = HashMap::from([(uri.clone(), edits)]);
            Some(WorkspaceEdit { changes: Some(changes), ..WorkspaceEdit::default() })
        };
        let mut actions = Vec::new();
        let asked = opened.lines.offset(params.range.start)..opened.lines.offset(params.range.end);
        let fixable = || self.findings(&opened).filter(|finding| !finding.fix.is_empty());
        for finding in fixable().filter(|_| is_wanted(&CodeActionKind::QUICKFIX)) {
            let Some(span) = finding.span() else { continue };
            if span.range.end < asked.start || asked.end < span.range.start {
                continue;
            }
            let edits = finding.fix.iter();
            let edits = edits.map(|it| TextEdit::new(range(&it.span), it.text.clone()));
            let help = finding.help.first().unwrap_or(&finding.message);
            actions.push(CodeAction {
                title: help.clone(),
                kind: Some(CodeActionKind::QUICKFIX),
                diagnostics: Some(vec![diagnostic(finding)]),
                edit: edit(edits.collect()),
                is_preferred: Some(true),
                ..CodeAction::default()
            });
        }
        if is_wanted(&CodeActionKind::SOURCE_FIX_ALL)
            && fixable().next().is_some()
            && let Some((repaired, _)) = self.session.repaired(&opened.path, None)
            && repaired.text() != opened.text
        {
            actions.push(CodeAction {
                title: "全部修复：这个文件里只有一种改法的地方".to_owned(),
                kind: Some(CodeActionKind::SOURCE_FIX_ALL),
                edit: edit(vec![TextEdit::new(opened.lines.whole(), repaired.text().to_owned())]),
                ..CodeAction::default()
            });
        }
        actions.into_iter().map(CodeActionOrCommand::CodeAction).collect()
    }

    pub(super) fn format(&self, request: Request) -> Response {
        let id = request.id.clone();
        let params = request.extract::<DocumentFormattingParams>(Formatting::METHOD);
        let opened = params.ok().and_then(|(_, it)| self.opened(&it.text_document.uri));
        let Some(opened @ Opened { file: File::Data(kind), .. }) = opened else {
            return Response::new_ok(id, ());
        };
        let form = self.session.form_of(&opened.path);
        let Opened { path, text, lines, .. } = opened;
        let source = SourceFile::new(shown(&path), text);
        match format(&source, form, kind) {
            Ok(formatted) if formatted == text => Response::new_ok(id, [(); 0]),
            Ok(formatted) => Response::new_ok(id, [TextEdit::new(lines.whole(), formatted)]),
            Err(findings) => {
                let first = findings.first().map_or("", |finding| finding.message.as_str());
                let message = format!("有错误，没有整理；先改好：{first}");
                Response::new_err(id, ErrorCode::RequestFailed as i32, message)
            }
        }
    }

    pub(super) fn symbols(&self, params: &DocumentSymbolParams) -> Option<DocumentSymbolResponse> {
        let opened = self.opened(&params.text_document.uri)?;
        let located = self.located(&opened);
        let mut symbols: Vec<DocumentSymbol> = Vec::new();
        for it in &located {
            match &it.path[..] {
                [name] => {
                    let end = if it.is_table {
                        table_end(opened.text, &located, it)
                    } else {
                        it.value.end
                    };
                    let start = it.key.start.min(it.value.start);
                    symbols.push(symbol(name, it, start..end, &opened.lines));
                }
                [table, name] => {
                    let parent = symbols.iter_mut().rev().find(|symbol| symbol.name == *table);
                    let range = it.key.start..it.value.end.max(it.key.end);
                    let child = symbol(name, it, range, &opened.lines);
                    if let Some(parent) = parent {
                        parent.children.get_or_insert_default().push(child);
                    }
                }
                _ => {}
            }
        }
        Some(DocumentSymbolResponse::Nested(symbols))
    }

    pub(super) fn folds(&self, params: &FoldingRangeParams) -> Option<Vec<FoldingRange>> {
        let opened = self.opened(&params.text_document.uri)?;
        let located = self.located(&opened);
        let folds = located.iter().filter_map(|it| {
            let end = match it.is_table {
                true if it.path.len() == 1 => table_end(opened.text, &located, it),
                true => return None,
                false => it.value.end,
            };
            let start_line = opened.lines.position(it.key.start).line;
            let end_line = opened.lines.position(end).line;
            let (start_character, end_character, kind, collapsed_text) = Default::default();
            let fold = FoldingRange {
                start_line,
                start_character,
                end_line,
                end_character,
                kind,
                collapsed_text,
            };
            (start_line < end_line).then_some(fold)
        });
        Some(folds.collect())
    }
}

/// Where a table of the file ends: behind the last of what is in it.
fn table_end(text: &str, located: &[Located], table: &Located) -> usize {
    let own =
        located.iter().filter(|it| it.path.len() > 1 && it.path.first() == table.path.first());
    let last = own.map(|it| it.value.end.max(it.key.end)).max();
    let end = last.unwrap_or(0).max(table.value.end).max(table.key.end);
    end.min(text.len())
}

#[expect(deprecated, reason = "the type has a field that the protocol has no more use for")]
fn symbol(
    name: &str,
    located: &Located,
    range: std::ops::Range<usize>,
    lines: &Lines<'_>,
) -> DocumentSymbol {
    let kind = if located.is_table { SymbolKind::MODULE } else { SymbolKind::FIELD };
    let detail =
        located.text.as_ref().map(|text| text.lines().next().unwrap_or_default().to_owned());
    DocumentSymbol {
        name: if name.trim().is_empty() {
            "（没有名称）".to_owned()
        } else {
            name.to_owned()
        },
        detail,
        kind,
        tags: None,
        deprecated: None,
        range: lines.range(&range),
        selection_range: lines.range(&located.key),
        children: None,
    }
}
