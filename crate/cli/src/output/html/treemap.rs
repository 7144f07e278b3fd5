//! Rectangles whose areas are as their weights, as square as they come: Bruls, Huizing, van Wijk, *Squarified treemaps*
//! (2000), <https://doi.org/10.1007/978-3-7091-6783-0_4>.

/// A rectangle, in the units of the picture.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Cell {
    pub(crate) x: f64,
    pub(crate) y: f64,
    pub(crate) width: f64,
    pub(crate) height: f64,
}

/// Fills `space` with a rectangle for each weight. Weights are positive and sorted, the largest first.
pub(crate) fn fill(weights: &[f64], space: Cell) -> Vec<Cell> {
    let total: f64 = weights.iter().sum();
    if total <= 0.0 {
        return Vec::new();
    }
    let scale = space.width * space.height / total;
    let areas: Vec<f64> = weights.iter().map(|weight| weight * scale).collect();
    let (mut cells, mut rest, mut at) = (Vec::with_capacity(areas.len()), space, 0);
    while at < areas.len() {
        let side = rest.width.min(rest.height);
        let mut end = at + 1;
        while end < areas.len() && worst(&areas[at..=end], side) <= worst(&areas[at..end], side) {
            end += 1;
        }
        rest = row(&areas[at..end], rest, &mut cells);
        at = end;
    }
    cells
}

/// The ratio of the sides of the least square rectangle, when these areas stand in one row along a side.
fn worst(areas: &[f64], side: f64) -> f64 {
    let sum: f64 = areas.iter().sum();
    let (largest, smallest) = (areas[0], areas[areas.len() - 1]);
    let square = side * side;
    (square * largest / (sum * sum)).max(sum * sum / (square * smallest))
}

/// Lays areas along the shorter side and gives what is left of the space.
fn row(areas: &[f64], space: Cell, cells: &mut Vec<Cell>) -> Cell {
    let sum: f64 = areas.iter().sum();
    let stands = space.width >= space.height;
    let depth = sum / if stands { space.height } else { space.width };
    let (mut x, mut y) = (space.x, space.y);
    for area in areas {
        let along = area / depth;
        let (width, height) = if stands { (depth, along) } else { (along, depth) };
        cells.push(Cell { x, y, width, height });
        if stands { y += along } else { x += along }
    }
    if stands {
        Cell { x: space.x + depth, width: (space.width - depth).max(0.0), ..space }
    } else {
        Cell { y: space.y + depth, height: (space.height - depth).max(0.0), ..space }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn areas_are_as_the_weights() {
        // The example of the paper.
        let weights = [6.0, 6.0, 4.0, 3.0, 2.0, 2.0, 1.0];
        let cells = fill(&weights, Cell { x: 0.0, y: 0.0, width: 6.0, height: 4.0 });
        for (cell, weight) in cells.iter().zip(weights) {
            assert!((cell.width * cell.height - weight).abs() < 1e-9, "{cell:?}");
            assert!(cell.x + cell.width < 6.0 + 1e-9 && cell.y + cell.height < 4.0 + 1e-9, "{cell:?}");
        }
        assert_eq!(cells[0], Cell { x: 0.0, y: 0.0, width: 3.0, height: 2.0 });
        assert!(fill(&[], Cell { x: 0.0, y: 0.0, width: 1.0, height: 1.0 }).is_empty());
    }
}
