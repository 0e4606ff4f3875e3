//! Twenty-five lines a page (pages.md §7).

use serde::Deserialize;

/// Lines on one page.
pub const PER_PAGE: i64 = 25;

/// `?page=2` in an address.
#[derive(Debug, Clone, Copy, Default, Deserialize)]
pub struct Asked {
    /// From 1.
    #[serde(default)]
    pub page: Option<i64>,
}

/// Where one is in a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Paging {
    /// This page, from 1.
    pub page: i64,
    /// The last page, at least 1.
    pub last: i64,
    per_page: i64,
}

impl Asked {
    /// The page asked for, kept inside the list.
    pub fn of(self, total: i64) -> Paging {
        Paging::new(self.page.unwrap_or(1), total, PER_PAGE)
    }
}

impl Paging {
    /// This page of a list of `total` lines.
    pub fn new(page: i64, total: i64, per_page: i64) -> Self {
        let last = ((total + per_page - 1) / per_page).max(1);
        Self { page: page.clamp(1, last), last, per_page }
    }

    /// Lines before this page.
    pub fn offset(&self) -> i64 {
        (self.page - 1) * self.per_page
    }

    /// The pages to name: first, last and those around; 0 stands for « … ».
    pub fn shown(&self) -> Vec<i64> {
        let mut shown = Vec::new();
        for page in 1..=self.last {
            if page == 1 || page == self.last || (page - self.page).abs() <= 1 {
                shown.push(page);
            } else if shown.last() != Some(&0) {
                shown.push(0);
            }
        }
        shown
    }
}

/// The first group of each page, when groups of so many lines stay whole: a page holds at most `per_page` lines, or one
/// group that is longer.
pub fn page_starts(lines: &[usize], per_page: usize) -> Vec<usize> {
    let (mut starts, mut on_page) = (Vec::new(), 0);
    for (group, lines) in lines.iter().enumerate() {
        if starts.is_empty() || on_page + lines > per_page {
            starts.push(group);
            on_page = 0;
        }
        on_page += lines;
    }
    starts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_stays_inside_its_list() {
        let page = |page, total| Paging::new(page, total, PER_PAGE);
        assert_eq!((page(9, 30).page, page(9, 30).offset(), page(-1, 0).page), (2, 25, 1));
        assert_eq!(page(5, 250).shown(), [1, 0, 4, 5, 6, 0, 10]);
        assert_eq!(page(1, 25).shown(), [1]);
    }

    #[test]
    fn a_group_is_never_split() {
        assert_eq!(page_starts(&[10, 10, 10, 2, 40, 1, 24, 1], 25), [0, 2, 4, 5, 7]);
        assert_eq!(page_starts(&[1; 60], 25), [0, 25, 50]);
        assert_eq!(page_starts(&[], 25), Vec::<usize>::new());
    }
}
