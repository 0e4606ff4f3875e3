//! A listener, a router, a graceful stop.

use std::{future::Future, io, net::SocketAddr, time::Duration};

use axum::Router;
use tokio::{net::TcpListener, sync::watch};

/// How long open requests may take to end once the stop is asked.
pub const GRACE: Duration = Duration::from_secs(10);

/// Serves until `shutdown` is ready, then lets open requests end, for [`GRACE`] at most.
///
/// Handlers may extract `ConnectInfo<SocketAddr>`.
pub async fn serve<F>(router: Router, listener: TcpListener, shutdown: F) -> io::Result<()>
where
    F: Future<Output = ()> + Send + 'static,
{
    let (asked, mut seen) = watch::channel(false);
    let stop = async move {
        shutdown.await;
        let _ = asked.send(true);
    };
    let service = router.into_make_service_with_connect_info::<SocketAddr>();
    let served = axum::serve(listener, service).with_graceful_shutdown(stop).into_future();
    let too_late = async {
        // An error means that the sender is gone: the server has already ended.
        let _ = seen.wait_for(|asked| *asked).await;
        tokio::time::sleep(GRACE).await;
    };
    tokio::select! {
        result = served => result,
        () = too_late => Ok(()),
    }
}
