//! Sorting in little code. The standard library's sorts are 3 to 5 KB of WebAssembly for each element type and order;
//! the frame build is carried by every page that compiles a module, and sorts short lists only. The command sorts with the
//! standard library; without ties both give the same.

use std::cmp::Ordering;

/// Sorts in place, in n·log n steps whatever the input, not stable. Give an order without ties.
pub fn sort_by<T>(list: &mut [T], order: impl Fn(&T, &T) -> Ordering) {
    if cfg!(target_arch = "wasm32") {
        heap_sort(list, order);
    } else {
        list.sort_unstable_by(order);
    }
}

fn heap_sort<T>(list: &mut [T], order: impl Fn(&T, &T) -> Ordering) {
    for root in (0..list.len() / 2).rev() {
        sift(list, root, &order);
    }
    for end in (1..list.len()).rev() {
        list.swap(0, end);
        sift(&mut list[..end], 0, &order);
    }
}

/// [`sort_by`] in the natural order.
pub fn sort<T: Ord>(list: &mut [T]) {
    sort_by(list, T::cmp);
}

fn sift<T>(list: &mut [T], mut root: usize, order: &impl Fn(&T, &T) -> Ordering) {
    loop {
        let mut child = 2 * root + 1;
        if child >= list.len() {
            return;
        }
        if child + 1 < list.len() && order(&list[child], &list[child + 1]).is_lt() {
            child += 1;
        }
        if order(&list[root], &list[child]).is_ge() {
            return;
        }
        list.swap(root, child);
        root = child;
    }
}

#[cfg(test)]
mod tests {
    use super::heap_sort;

    #[test]
    fn sorts_as_the_standard_library_does() {
        let mut seed = 1u32;
        for length in 0..200 {
            let mut list: Vec<u32> = (0..length)
                .map(|_| {
                    seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                    seed >> 24
                })
                .collect();
            let mut expected = list.clone();
            expected.sort_unstable();
            heap_sort(&mut list, u32::cmp);
            assert_eq!(list, expected);
        }
    }
}
