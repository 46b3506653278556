//! The program: reads its command and runs it.

use std::process::ExitCode;

/// Gives back what is freed: the system's keeps the 19 MiB of a password hash in every thread that
/// ever made one.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

#[tokio::main]
async fn main() -> ExitCode {
    env_logger::Builder::from_env(
        env_logger::Env::default().default_filter_or("info,lianxin=info"),
    )
    .format_timestamp_millis()
    .init();
    match lianxin::cli::run().await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            for fault in &error.faults {
                eprintln!("{} {}", fault.pointer, fault.detail.en);
            }
            eprintln!("lianxin: {error}");
            ExitCode::FAILURE
        }
    }
}
