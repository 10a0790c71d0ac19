//! Compound files: the container of Excel 97 workbooks, a small file system.

use super::Unreadable;

/// No sector ends a chain.
const END: u32 = 0xffff_fffa;
/// Streams below this stand in the small sectors.
const SMALL: usize = 4096;
const SMALL_SECTOR: usize = 64;

/// The streams at the top of a compound file.
pub struct Compound<'b> {
    bytes: &'b [u8],
    sector: usize,
    /// For each sector, the next of its chain.
    next: Vec<u32>,
    next_small: Vec<u32>,
    /// The bytes of all small sectors.
    small: Vec<u8>,
    /// The streams: name, first sector, size.
    streams: Vec<(String, u32, usize)>,
}

impl<'b> Compound<'b> {
    /// Opens a compound file.
    ///
    /// # Errors
    /// If it is damaged.
    pub fn open(bytes: &'b [u8]) -> Result<Self, Unreadable> {
        let header = |at: usize| u32_at(bytes, at).ok_or(Unreadable::Damaged);
        let shift =
            u16_at(bytes, 30).filter(|it| matches!(it, 9 | 12)).ok_or(Unreadable::Damaged)?;
        let mut file = Self {
            bytes,
            sector: 1 << shift,
            next: Vec::new(),
            next_small: Vec::new(),
            small: Vec::new(),
            streams: Vec::new(),
        };
        // The sectors that hold the table of chains: the first of them stand in the header.
        let mut tables: Vec<u32> =
            (0..109).filter_map(|index| u32_at(bytes, 76 + 4 * index)).collect();
        let (mut more, mut seen) = (header(68)?, 0);
        while more < END {
            let sector = file.sector_at(more).ok_or(Unreadable::Damaged)?;
            let ids = sector.len() / 4 - 1;
            tables.extend((0..ids).filter_map(|index| u32_at(sector, 4 * index)));
            more = u32_at(sector, 4 * ids).ok_or(Unreadable::Damaged)?;
            seen += 1;
            if seen > bytes.len() / file.sector {
                return Err(Unreadable::Damaged);
            }
        }
        for table in tables.into_iter().filter(|table| *table < END) {
            let sector = file.sector_at(table).ok_or(Unreadable::Damaged)?;
            file.next.extend(sector.chunks_exact(4).filter_map(|id| u32_at(id, 0)));
            // More entries than sectors fill the last table at most; the rest was made up.
            if file.next.len() > bytes.len() / file.sector + file.sector {
                return Err(Unreadable::Damaged);
            }
        }
        let directory = file.chain(header(48)?, usize::MAX)?;
        let small_table = file.chain(header(60)?, usize::MAX)?;
        file.next_small = small_table.chunks_exact(4).filter_map(|id| u32_at(id, 0)).collect();
        let entries: Vec<&[u8]> = directory.chunks_exact(128).collect();
        let root = entries.first().ok_or(Unreadable::Damaged)?;
        let place = |entry: &[u8]| {
            let start = u32_at(entry, 116).unwrap_or(u32::MAX);
            let size = u32_at(entry, 120).and_then(|size| usize::try_from(size).ok()).unwrap_or(0);
            (start, size)
        };
        let (start, size) = place(root);
        file.small = file.chain(start, size)?;
        // Only what stands at the top: what is put into a document has streams of the same names. The
        // entries of a folder are a tree, and each is in it once.
        let (mut waiting, mut seen) = (vec![u32_at(root, 76)], 0);
        while let Some(id) = waiting.pop() {
            let id = id.and_then(|id| usize::try_from(id).ok());
            let Some(entry) = id.and_then(|id| entries.get(id)) else { continue };
            seen += 1;
            if seen > entries.len() {
                return Err(Unreadable::Damaged);
            }
            waiting.extend([u32_at(entry, 68), u32_at(entry, 72)]);
            if entry.get(66) != Some(&2) {
                continue;
            }
            let length = usize::from(u16_at(entry, 64).unwrap_or(0)).saturating_sub(2).min(62);
            let units: Vec<u16> =
                (0..length / 2).filter_map(|index| u16_at(entry, 2 * index)).collect();
            let name = String::from_utf16_lossy(&units);
            let (start, size) = place(entry);
            file.streams.push((name, start, size));
        }
        Ok(file)
    }

    /// Whether there is a stream of that name.
    pub fn has(&self, name: &str) -> bool {
        self.streams.iter().any(|(known, ..)| known.eq_ignore_ascii_case(name))
    }

    /// A stream; `None` if there is none of that name.
    ///
    /// # Errors
    /// If it is damaged.
    pub fn stream(&self, name: &str) -> Result<Option<Vec<u8>>, Unreadable> {
        let found = self.streams.iter().find(|(known, ..)| known.eq_ignore_ascii_case(name));
        let Some(&(_, start, size)) = found else { return Ok(None) };
        if size >= SMALL {
            return self.chain(start, size).map(Some);
        }
        let mut stream = Vec::new();
        let mut sector = start;
        while stream.len() < size {
            let index = usize::try_from(sector).map_err(|_| Unreadable::Damaged)?;
            let start = index.checked_mul(SMALL_SECTOR).ok_or(Unreadable::Damaged)?;
            let part = self.small.get(start..).ok_or(Unreadable::Damaged)?;
            let part = part.get(..SMALL_SECTOR).unwrap_or(part);
            if part.is_empty() {
                return Err(Unreadable::Damaged);
            }
            stream.extend_from_slice(part);
            sector = *self.next_small.get(index).ok_or(Unreadable::Damaged)?;
        }
        stream.truncate(size);
        Ok(Some(stream))
    }

    fn sector_at(&self, sector: u32) -> Option<&'b [u8]> {
        let start = usize::try_from(sector).ok()?.checked_add(1)?.checked_mul(self.sector)?;
        let rest = self.bytes.get(start..)?;
        // The last sector may be cut off.
        let sector = rest.get(..self.sector).unwrap_or(rest);
        (!sector.is_empty()).then_some(sector)
    }

    /// The bytes of a chain of sectors, no more than so many.
    fn chain(&self, start: u32, size: usize) -> Result<Vec<u8>, Unreadable> {
        let mut bytes = Vec::new();
        let mut sector = start;
        while sector < END && bytes.len() < size {
            let part = self.sector_at(sector).ok_or(Unreadable::Damaged)?;
            bytes.extend_from_slice(part);
            // A chain that is longer than the file goes round in a circle.
            if bytes.len() > self.bytes.len() {
                return Err(Unreadable::Damaged);
            }
            let index = usize::try_from(sector).map_err(|_| Unreadable::Damaged)?;
            sector = *self.next.get(index).ok_or(Unreadable::Damaged)?;
        }
        bytes.truncate(size);
        Ok(bytes)
    }
}

/// A number of two bytes.
pub fn u16_at(bytes: &[u8], at: usize) -> Option<u16> {
    let bytes = bytes.get(at..at.checked_add(2)?)?;
    Some(u16::from_le_bytes(bytes.try_into().ok()?))
}

/// A number of four bytes.
pub fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    let bytes = bytes.get(at..at.checked_add(4)?)?;
    Some(u32::from_le_bytes(bytes.try_into().ok()?))
}
