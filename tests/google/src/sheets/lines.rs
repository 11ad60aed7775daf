//! Rows and columns that come, go and move, and all that goes along with them: cells, merges, protections, the
//! filter. Widths, hiding and developer metadata are the lines' own.

use std::ops::Range;

use super::cell::Cell;
use super::grid::{Dimension, Grid, Span, inside, overlap};
use super::invalid;
use super::sheet::{Line, Sheet};
use crate::error::ApiError;

/// Puts new lines before this one. They look like the line before, or like the one after.
pub(super) fn insert(
    sheet: &mut Sheet,
    dimension: Dimension,
    new: &Range<usize>,
    from_before: bool,
) -> Result<(), ApiError> {
    let (at, count) = (new.start, new.len());
    let size = sheet.lines(dimension).len();
    if from_before && at == 0 {
        return Err(invalid("range.startIndex must be greater than 0 if inheritFromBefore is true."));
    }
    if at > size || (at == size && !from_before) {
        return Err(invalid(
            "range.startIndex must be less than the grid size if inheritFromBefore is false.",
        ));
    }
    let model = if from_before { at - 1 } else { at };
    let looks: Vec<(usize, Cell)> = looks_of(sheet, dimension, model);
    let model = Line { metadata: Vec::new(), ..sheet.lines(dimension)[model].clone() };
    sheet.lines_mut(dimension).splice(at..at, std::iter::repeat_n(model, count));
    renumber(sheet, dimension, |index| Some(if index < at { index } else { index + count }));
    for (across, look) in looks {
        for line in new.clone() {
            sheet.cells.insert(cross(dimension, line, across), look.clone());
        }
    }
    let shifted = |edge: usize, from: usize| if edge >= from { edge + count } else { edge };
    reach(sheet, dimension, |span| {
        Some(Span {
            start: span.start.map(|start| shifted(start, at)),
            end: span.end.map(|end| shifted(end, at + 1)),
        })
    });
    if at < sheet.frozen(dimension) {
        sheet.set_frozen(dimension, sheet.frozen(dimension) + count);
    }
    Ok(())
}

/// Takes lines away.
pub(super) fn delete(sheet: &mut Sheet, dimension: Dimension, gone: &Range<usize>) -> Result<(), ApiError> {
    let size = sheet.lines(dimension).len();
    let line = dimension.line();
    if gone.end > size {
        let index = gone.start.max(size);
        return Err(invalid(format!(
            "Cannot delete a {line} that doesn't exist. Tried to delete {line} index {index} but there are only \
             {size} {line}s."
        )));
    }
    if gone.len() == size {
        return Err(invalid(format!("You can't delete all the {line}s on the sheet.")));
    }
    let frozen = sheet.frozen(dimension);
    let edge = |edge: usize| edge - (edge.clamp(gone.start, gone.end) - gone.start);
    let frozen_left = edge(frozen);
    if size - gone.len() <= frozen_left {
        return Err(invalid(format!("Sorry, it is not possible to delete all non-frozen {line}s.")));
    }
    sheet.lines_mut(dimension).drain(gone.clone());
    let left = |index: usize| match index {
        index if index < gone.start => Some(index),
        index if index < gone.end => None,
        index => Some(index - gone.len()),
    };
    renumber(sheet, dimension, left);
    reach(sheet, dimension, |span| {
        let left = Span { start: span.start.map(edge), end: span.end.map(edge) };
        (left.end.is_none() || left.start.unwrap_or(0) < left.end.unwrap_or(0)).then_some(left)
    });
    sheet.set_frozen(dimension, frozen_left);
    Ok(())
}

/// Moves lines to before another one, which is counted as if they were still there.
pub(super) fn shift(
    sheet: &mut Sheet,
    dimension: Dimension,
    source: &Range<usize>,
    to: usize,
) -> Result<(), ApiError> {
    let size = sheet.lines(dimension).len();
    if source.end > size || to > size {
        return Err(invalid(format!("Cannot move a {} beyond the grid size ({size}).", dimension.line())));
    }
    if source.contains(&to) || to == source.end {
        return Ok(());
    }
    let torn = |grid: &&Grid| {
        let span = grid.along(dimension).within(size);
        let parts = overlap(&span, source) && !inside(source, &span);
        parts || (span.start < to && to < span.end)
    };
    if sheet.merges.iter().any(|grid| torn(&grid)) {
        return Err(invalid(format!(
            "Cannot move {}s so that merged cells are torn apart.",
            dimension.line()
        )));
    }
    let moved: Vec<Line> = sheet.lines_mut(dimension).drain(source.clone()).collect();
    let first = if to > source.start { to - source.len() } else { to };
    sheet.lines_mut(dimension).splice(first..first, moved);
    let new = |index: usize| match index {
        index if source.contains(&index) => first + index - source.start,
        index if (source.end..to).contains(&index) => index - source.len(),
        index if (to..source.start).contains(&index) => index + source.len(),
        index => index,
    };
    renumber(sheet, dimension, |index| Some(new(index)));
    reach(sheet, dimension, |span| {
        let (Some(start), Some(end)) = (span.start, span.end) else { return Some(*span) };
        let lines = || (start..end).map(new);
        Some(Span { start: lines().min(), end: lines().max().map(|last| last + 1) })
    });
    Ok(())
}

/// How the cells of a line look, without what they say.
fn looks_of(sheet: &Sheet, dimension: Dimension, line: usize) -> Vec<(usize, Cell)> {
    let cells = sheet.cells.iter().filter_map(|((row, column), cell)| {
        let (of, across) = match dimension {
            Dimension::Rows => (*row, *column),
            Dimension::Columns => (*column, *row),
        };
        let mut look = Cell::default();
        look.take_over("userEnteredFormat", cell);
        look.take_over("dataValidation", cell);
        (of == line && !look.0.is_empty()).then_some((across, look))
    });
    cells.collect()
}

fn cross(dimension: Dimension, line: usize, across: usize) -> (usize, usize) {
    match dimension {
        Dimension::Rows => (line, across),
        Dimension::Columns => (across, line),
    }
}

/// Gives the cells the places that their lines have now.
fn renumber(sheet: &mut Sheet, dimension: Dimension, place: impl Fn(usize) -> Option<usize>) {
    let cells = std::mem::take(&mut sheet.cells);
    let placed = cells.into_iter().filter_map(|((row, column), cell)| {
        let at = match dimension {
            Dimension::Rows => (place(row)?, column),
            Dimension::Columns => (row, place(column)?),
        };
        Some((at, cell))
    });
    sheet.cells = placed.collect();
}

/// Gives what lies over cells the reach that it has now; what reaches over none any more is gone.
fn reach(sheet: &mut Sheet, dimension: Dimension, reach: impl Fn(&Span) -> Option<Span>) {
    let kept = |grid: &mut Grid| match reach(grid.along_mut(dimension)) {
        Some(span) => {
            *grid.along_mut(dimension) = span;
            true
        }
        None => false,
    };
    let several =
        |grid: &Grid| grid.rows.within(usize::MAX).len() > 1 || grid.columns.within(usize::MAX).len() > 1;
    sheet.merges.retain_mut(|grid| kept(grid) && several(grid));
    sheet.protected.retain_mut(|protected| kept(&mut protected.grid));
    if sheet.filter.as_mut().is_some_and(|filter| !kept(&mut filter.grid)) {
        sheet.filter = None;
    }
}
