//! The end of a sandbox: nothing of it runs any more and nothing of it is left outside its directories.

use std::time::Duration;

use crate::launch::Launched;

const STEP: Duration = Duration::from_millis(10);
/// Steps before the keeper gives up waiting: a process stuck in the kernel cannot be hurried.
const MOST_STEPS: u32 = 3000;

/// Kills everything and waits until it is gone; answers whether it is.
pub(crate) async fn run(launched: &mut Launched) -> bool {
    launched.kill();
    let mut ended = false;
    for step in 0..MOST_STEPS {
        // The outer process ends only after the kernel has buried every process of the sandbox.
        if matches!(launched.outer.try_wait(), Ok(Some(_)) | Err(_)) {
            ended = true;
            break;
        }
        if step == MOST_STEPS / 2 {
            let _ = launched.outer.kill();
        }
        tokio::time::sleep(STEP).await;
    }
    for _ in 0..MOST_STEPS {
        if launched.held.remove() {
            return ended;
        }
        tokio::time::sleep(STEP).await;
    }
    false
}

/// The same before a runtime exists.
pub(crate) fn now(mut launched: Launched) {
    if let Ok(runtime) = tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .build()
    {
        runtime.block_on(run(&mut launched));
    }
}
