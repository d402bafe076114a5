//! The same work over a list on several threads, with results in the order of the list.
//!
//! Limit: the list is cut into even runs, one a thread; nothing depends on which thread did what.

use std::thread;

/// `work` of every element of `list`, in order, on at most `threads` threads.
pub(super) fn map<T: Sync, R: Send>(list: &[T], threads: usize, work: impl Fn(&T) -> R + Sync) -> Vec<R> {
    let threads = threads.clamp(1, list.len().max(1));
    if threads == 1 {
        return list.iter().map(work).collect();
    }
    let run = list.len().div_ceil(threads);
    let work = &work;
    let parts: Vec<Vec<R>> = thread::scope(|scope| {
        let workers: Vec<_> = list
            .chunks(run)
            .map(|part| scope.spawn(move || part.iter().map(work).collect::<Vec<R>>()))
            .collect();
        workers.into_iter().flat_map(|worker| worker.join()).collect()
    });
    let done: usize = parts.iter().map(Vec::len).sum();
    if done < list.len() {
        // A worker died; what it left is done here, where its panic reaches the caller.
        return list.iter().map(work).collect();
    }
    parts.into_iter().flatten().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn order_is_kept_for_any_number_of_threads() {
        let list: Vec<u64> = (0..1000).collect();
        let expected: Vec<u64> = list.iter().map(|n| n * n).collect();
        for threads in [0, 1, 2, 3, 7, 2000] {
            assert_eq!(map(&list, threads, |n| n * n), expected);
        }
        assert!(map(&Vec::<u64>::new(), 4, |n| *n).is_empty());
    }
}
