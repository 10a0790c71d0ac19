//! Findings as a person reads them: the line, the carets, the reason, what to do.

use annotate_snippets::renderer::DecorStyle;
use annotate_snippets::{Annotation, AnnotationKind, Group, Level, Origin, Renderer, Snippet};

use super::{Finding, Place, Severity, Span};

/// How many characters are marked at most: a line of megabytes is not printed to be looked at.
const MAX_MARKED: usize = 100;

/// Renders findings for a terminal.
///
/// The drawing is ASCII on purpose: box-drawing characters are two columns wide in terminals set
/// up for Chinese, where they would push the carets off their text.
#[derive(Debug)]
pub struct HumanPrinter {
    renderer: Renderer,
}

impl HumanPrinter {
    /// A printer that writes colours as escape codes; the stream strips them where unwanted.
    pub fn new() -> Self {
        Self { renderer: Renderer::styled().decor_style(DecorStyle::Ascii) }
    }

    /// The finding as text of several lines, without a final line break.
    pub fn print(&self, finding: &Finding) -> String {
        let level = match finding.severity {
            Severity::Error => Level::ERROR,
            Severity::Warning => Level::WARNING,
        };
        let title = level
            .with_name(finding.severity.name())
            .primary_title(finding.message.as_str())
            .id(finding.rule.code);
        let mut group = match &finding.place {
            Place::Path(path) => Group::with_title(title).element(Origin::path(path.as_str())),
            Place::Text(span) => {
                let primary = AnnotationKind::Primary.span(window_range(span));
                group_with_marks(Group::with_title(title), finding, span, primary)
            }
        };
        for help in &finding.help {
            group = group.element(Level::HELP.with_name("怎么办").message(help.as_str()));
        }
        self.renderer.render(&[group])
    }
}

impl Default for HumanPrinter {
    fn default() -> Self {
        Self::new()
    }
}

fn group_with_marks<'a>(
    mut group: Group<'a>,
    finding: &'a Finding,
    span: &'a Span,
    primary: Annotation<'a>,
) -> Group<'a> {
    let primary =
        if finding.label.is_empty() { primary } else { primary.label(finding.label.as_str()) };
    group = group.element(snippet(span).annotation(primary));
    for (related, label) in &finding.related {
        let mark = AnnotationKind::Context.span(window_range(related)).label(label.as_str());
        group = group.element(snippet(related).annotation(mark));
    }
    group
}

/// Only the lines a span touches go to the renderer: it reads all that it is given, and a file
/// with thousands of findings would be read thousands of times.
fn window(span: &Span) -> (usize, usize, usize) {
    let first = span.source.line(span.range.start);
    let last = span.source.line(span.range.end.max(span.range.start));
    (first, span.source.line_start(first), span.source.line_start(last + 1))
}

fn snippet(span: &Span) -> Snippet<'_, Annotation<'_>> {
    let (line, start, end) = window(span);
    Snippet::source(&span.source.text()[start..end]).line_start(line).path(span.source.name())
}

fn window_range(span: &Span) -> std::ops::Range<usize> {
    let (_, start, _) = window(span);
    let marked = span.text();
    let marked = marked.char_indices().nth(MAX_MARKED).map_or(marked.len(), |(end, _)| end);
    span.range.start - start..span.range.start - start + marked
}
