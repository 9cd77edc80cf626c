//! The same work for each of several items, on all threads of the machine. Results are in the order of the items, so
//! nothing depends on which thread did what. There is no pool: work that is worth a thread here takes milliseconds,
//! and starting a thread takes microseconds.

use std::num::NonZero;
use std::thread;

/// How many threads the machine offers.
#[must_use]
pub(crate) fn threads() -> usize {
    thread::available_parallelism().map_or(1, NonZero::get)
}

/// What `work` makes of each item, in the order of the items.
pub(crate) fn map<'i, T: Sync, R: Send>(items: &'i [T], work: impl Fn(&'i T) -> R + Sync) -> Vec<R> {
    map_on(threads(), items, work)
}

/// The same on a given number of threads: each takes every n-th item.
pub(crate) fn map_on<'i, T: Sync, R: Send>(
    threads: usize,
    items: &'i [T],
    work: impl Fn(&'i T) -> R + Sync,
) -> Vec<R> {
    let threads = threads.min(items.len()).max(1);
    let share = |first: usize| -> Vec<R> { items.iter().skip(first).step_by(threads).map(&work).collect() };
    let mut parts: Vec<std::vec::IntoIter<R>> = thread::scope(|scope| {
        let share = &share;
        let others: Vec<_> = (1..threads)
            .map(|first| scope.spawn(move || share(first)))
            .collect();
        let own = share(0);
        let joined = others.into_iter().map(|other| {
            other
                .join()
                .unwrap_or_else(|panic| std::panic::resume_unwind(panic))
        });
        [own].into_iter().chain(joined).map(Vec::into_iter).collect()
    });
    (0..items.len())
        .filter_map(|place| parts[place % threads].next())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::map_on;

    #[test]
    fn results_come_in_the_order_of_the_items() {
        let items: Vec<u32> = (0..23).collect();
        for threads in [1, 2, 3, 50] {
            assert_eq!(
                map_on(threads, &items, |item| item + 1),
                (1..24).collect::<Vec<u32>>()
            );
        }
        assert!(map_on(2, &[], |item: &u32| *item).is_empty());
    }
}
