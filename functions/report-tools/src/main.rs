//! The Lambda function behind the target `ReportTools`.

use report_tools::{mailer::Mailer, router};
use target::StartError;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), StartError> {
    target::serve(router(), Mailer::from_env).await
}
