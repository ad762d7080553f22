//! Work on all cores.

use std::num::NonZero;
use std::thread;

/// What `each` makes of the items, in their order.
pub(crate) fn map<'t, T: Sync, R: Send>(
    items: &'t [T],
    each: impl Fn(&'t T) -> R + Sync,
) -> Vec<R> {
    let workers = thread::available_parallelism().map_or(1, NonZero::get);
    let share = items.len().div_ceil(workers).max(1);
    thread::scope(|scope| {
        let each = &each;
        let workers: Vec<_> = items
            .chunks(share)
            .map(|items| scope.spawn(move || items.iter().map(each).collect::<Vec<R>>()))
            .collect();
        let made = workers.into_iter().flat_map(|worker| match worker.join() {
            Ok(made) => made,
            Err(panic) => std::panic::resume_unwind(panic),
        });
        made.collect()
    })
}
