//! The same work on many things with several threads; the answers come in the order of the things, so the
//! number of threads never shows in an output.

use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

/// `work` on each of `things`, with at most `threads` threads. Answers stand where their things stood.
pub fn parallel_map<T: Sync, R: Send>(things: &[T], threads: usize, work: impl Fn(&T) -> R + Sync) -> Vec<R> {
    let threads = threads.min(things.len());
    if threads <= 1 {
        return things.iter().map(work).collect();
    }
    let next = AtomicUsize::new(0);
    let done: Mutex<Vec<(usize, R)>> = Mutex::new(Vec::with_capacity(things.len()));
    std::thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                while let Some((at, thing)) = take(things, &next) {
                    let answer = work(thing);
                    // A poisoned lock means that another thread panicked; the scope passes that panic on.
                    done.lock().unwrap_or_else(std::sync::PoisonError::into_inner).push((at, answer));
                }
            });
        }
    });
    let mut done = done.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner);
    done.sort_unstable_by_key(|(at, _)| *at);
    done.into_iter().map(|(_, answer)| answer).collect()
}

fn take<'t, T>(things: &'t [T], next: &AtomicUsize) -> Option<(usize, &'t T)> {
    let at = next.fetch_add(1, Ordering::Relaxed);
    things.get(at).map(|thing| (at, thing))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_keep_their_places() {
        let things: Vec<usize> = (0..1000).collect();
        for threads in [0, 1, 2, 7, 2000] {
            let answers = parallel_map(&things, threads, |n| n * 2);
            assert_eq!(answers, things.iter().map(|n| n * 2).collect::<Vec<_>>());
        }
    }

    #[test]
    fn nothing_to_do_is_done() {
        assert!(parallel_map(&[] as &[u8], 4, |n| *n).is_empty());
    }
}
