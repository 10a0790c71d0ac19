//! XML as the readers of office files want it: names without prefixes, texts put together. Nothing
//! that a document declares is expanded, and nothing it points to is fetched.

use quick_xml::events::{BytesStart, Event};
use quick_xml::{Reader, XmlVersion};

use super::{MOST_TEXT, Unreadable};

/// What comes next in a document.
#[derive(Debug, PartialEq, Eq)]
pub enum Node {
    /// `<name …>`
    Open(Tag),
    /// `</name>`; also of a tag that is closed where it is opened.
    Close(String),
    /// Text between tags.
    Text(String),
}

/// A tag that opens an element.
#[derive(Debug, PartialEq, Eq)]
pub struct Tag {
    /// Its name, without a prefix.
    pub name: String,
    /// Its attributes, without prefixes.
    attributes: Vec<(String, String)>,
}

impl Tag {
    /// The value of an attribute.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// The value of an attribute that is a whole number.
    pub fn number(&self, name: &str) -> Option<usize> {
        self.get(name)?.trim().parse().ok()
    }
}

/// A document that is read from its start to its end.
pub struct Nodes<'x> {
    reader: Reader<&'x [u8]>,
    /// The name of a tag that was closed where it was opened.
    closed: Option<String>,
    /// How many elements are open.
    depth: usize,
}

/// Elements in elements; no program writes nearly as many.
const DEEPEST: usize = 1000;

impl<'x> Nodes<'x> {
    /// Of a whole document.
    ///
    /// # Errors
    /// If it is not in UTF-8.
    pub fn new(xml: &'x [u8]) -> Result<Self, Unreadable> {
        let text = std::str::from_utf8(xml).map_err(|_| Unreadable::Damaged)?;
        Ok(Self { reader: Reader::from_str(text), closed: None, depth: 0 })
    }

    /// The next node; `None` at the end.
    ///
    /// # Errors
    /// If the document is damaged.
    #[allow(clippy::should_implement_trait, reason = "it fails")]
    pub fn next(&mut self) -> Result<Option<Node>, Unreadable> {
        if let Some(name) = self.closed.take() {
            return Ok(Some(Node::Close(name)));
        }
        loop {
            let node = match self.reader.read_event().map_err(|_| Unreadable::Damaged)? {
                Event::Start(tag) => {
                    self.depth += 1;
                    if self.depth > DEEPEST {
                        return Err(Unreadable::Damaged);
                    }
                    Node::Open(opened(&tag)?)
                }
                Event::Empty(tag) => {
                    let tag = opened(&tag)?;
                    self.closed = Some(tag.name.clone());
                    Node::Open(tag)
                }
                Event::End(tag) => {
                    self.depth = self.depth.saturating_sub(1);
                    Node::Close(tag.local_name().as_ref().to_owned())
                }
                Event::Text(text) => Node::Text(text.xml10_content().into_owned()),
                Event::CData(text) => Node::Text(text.xml10_content().into_owned()),
                Event::GeneralRef(reference) => {
                    let c = match reference.resolve_char_ref().map_err(|_| Unreadable::Damaged)? {
                        Some(c) => c,
                        None => match reference.xml10_content().as_ref() {
                            "lt" => '<',
                            "gt" => '>',
                            "amp" => '&',
                            "quot" => '"',
                            "apos" => '\'',
                            _ => return Err(Unreadable::Damaged),
                        },
                    };
                    Node::Text(c.to_string())
                }
                // The end is missing.
                Event::Eof if self.depth > 0 => return Err(Unreadable::Damaged),
                Event::Eof => return Ok(None),
                _ => continue,
            };
            if matches!(&node, Node::Text(text) if text.len() > MOST_TEXT) {
                return Err(Unreadable::TooLarge);
            }
            return Ok(Some(node));
        }
    }
}

fn opened(tag: &BytesStart<'_>) -> Result<Tag, Unreadable> {
    let mut attributes = Vec::new();
    for attribute in tag.attributes() {
        let attribute = attribute.map_err(|_| Unreadable::Damaged)?;
        let value =
            attribute.normalized_value(XmlVersion::Explicit1_0).map_err(|_| Unreadable::Damaged)?;
        attributes.push((attribute.key.local_name().as_ref().to_owned(), value.into_owned()));
    }
    Ok(Tag { name: tag.local_name().as_ref().to_owned(), attributes })
}
