//! The one page, through its router.

use std::sync::Arc;

use axum::{
    body::Body,
    http::{Request, StatusCode},
};
use tower::ServiceExt as _;
use web::{Origin, Site};

#[tokio::test]
async fn the_page_answers_and_has_its_sample() {
    let site = Arc::new(Site::demo(Origin::parse("http://localhost:8080").unwrap()));
    let (router, infos) = job_normandie::routes(site.clone());
    let samples = job_normandie::samples(&site);
    assert_eq!(web::testing::without_sample(&infos, &samples), Vec::<&str>::new());
    for sample in &samples {
        assert_eq!(web::testing::faults(&sample.html), Vec::<String>::new());
        assert!(sample.html.contains("Rien n’est recueilli ici"));
        assert!(!sample.html.contains("<form") && !sample.html.contains("<input"));
    }
    let request = Request::get("/job-normandie").body(Body::empty()).unwrap();
    let response = web::app(site, router).oneshot(request).await.unwrap();
    assert_eq!(response.status(), StatusCode::OK);
}
