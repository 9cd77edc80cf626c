//! Documents as people have them, and the scenarios and briefs that they become.

use super::Api;
use super::document::ApiDocument;
use super::json_schema;
use crate::brief_file::BriefFile;
use bakeoff_core::scenario::{Scenario, Variable, parse};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

/// A bookshop in YAML, version 3.0, with what documents have: references, parameters of a path, unquoted statuses.
const SHOP: &str = r##"
openapi: 3.0.3
info: { title: Book shop, version: "1" }
servers:
  - url: https://shop.example.org/v1/
paths:
  /books:
    get:
      operationId: listBooks
      summary: All books
      parameters:
        - { name: shelf, in: query, required: true, schema: { type: string, enum: [old, "brand new"] } }
        - { name: page, in: query, schema: { type: integer } }
      responses:
        200:
          description: books
          content:
            application/json:
              schema: { type: array, items: { $ref: "#/components/schemas/Book" } }
    post:
      operationId: addBook
      requestBody:
        required: true
        content:
          application/json:
            schema: { $ref: "#/components/schemas/Book" }
      responses:
        "201": { description: added }
  /books/{id}:
    parameters:
      - { $ref: "#/components/parameters/Id" }
    get:
      responses:
        default: { description: a book }
        "404": { description: none }
  /authors/{slug}:
    get:
      responses: { "200": { description: an author } }
      parameters:
        - { name: slug, in: path, required: true, schema: { type: string } }
components:
  parameters:
    Id: { name: id, in: path, required: true, schema: { type: integer, minimum: 5 } }
  schemas:
    Book:
      type: object
      required: [id, title, secret]
      properties:
        id: { type: integer, minimum: 1, readOnly: true }
        title: { type: string, minLength: 6 }
        secret: { type: string, writeOnly: true }
        next: { $ref: "#/components/schemas/Book" }
        sold: { type: string, format: date, nullable: true }
"##;

fn read(text: &str, with_writes: bool) -> Api {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("api.yaml");
    std::fs::write(&path, text).unwrap();
    Api::read(&path, with_writes, &BTreeSet::new()).unwrap()
}

fn scenario(api: &Api, id: &str) -> Scenario {
    let found = api.scenarios.iter().find(|scenario| scenario.id == id).unwrap();
    parse(&found.text, "s.toml").unwrap_or_else(|wrong| panic!("{wrong}\n{}", found.text))
}

#[test]
fn operations_become_scenarios() {
    let api = read(SHOP, false);
    assert_eq!((api.name.as_str(), api.base.as_str()), ("book-shop", "/v1"));
    let ids: Vec<&str> = api
        .scenarios
        .iter()
        .map(|scenario| scenario.id.as_str())
        .collect();
    assert_eq!(ids, ["list-books", "get-books-id"]);
    assert_eq!(
        api.left_out,
        [
            "`GET /authors/{slug}`: the parameter `slug` needs an example: the service would not find a made-up text",
            "`POST /books`: it may change data (`--writes` asks it too)",
        ]
    );
    let list = scenario(&api, "list-books");
    assert_eq!(list.request.path, "/v1/books?shelf={shelf}");
    let shelves = ["old", "brand%20new"].map(str::to_owned).to_vec();
    assert_eq!(list.request.vars["shelf"], Variable::Choice(shelves));
    assert_eq!(list.answer.content_type.as_deref(), Some("application/json"));
    assert_eq!(
        (list.title.as_str(), list.answer.status),
        ("All books", vec![200])
    );
    let one = scenario(&api, "get-books-id");
    assert_eq!((one.request.path.as_str(), one.token), ("/v1/books/{id}", false));
    assert_eq!(one.request.vars["id"], Variable::Int([5, 104]));
    assert_eq!(one.answer.status, [200, 201, 202, 203, 204]);
    assert_eq!(one.answer.json_schema, None);
}

#[test]
fn credentials_are_needed_where_no_way_is_without() {
    let needs = |security: &str| {
        let text = SHOP.replace(
            "summary: All books",
            &format!("summary: All books\n      security: {security}"),
        );
        read(&text, false).needs_credentials
    };
    assert!(!read(SHOP, false).needs_credentials);
    assert!(needs("[{ token: [] }]"));
    assert!(!needs("[{ token: [] }, {}]") && !needs("[]"));
}

#[test]
fn a_body_has_what_its_schema_requires() {
    let api = read(SHOP, true);
    let add = scenario(&api, "add-book");
    assert_eq!(add.request.headers["content-type"], "application/json");
    let body: Value = serde_json::from_str(add.request.body.as_deref().unwrap()).unwrap();
    assert_eq!(body, json!({"title": "textxx", "secret": "text"}));
    assert_eq!(
        (add.request.method.as_str(), add.answer.status),
        ("POST", vec![201])
    );
}

#[test]
fn the_brief_of_a_document_is_read_and_mixes_all_of_it() {
    let api = read(SHOP, true);
    let scenarios: Vec<(String, String)> = api
        .scenarios
        .iter()
        .map(|scenario| (scenario.id.clone(), scenario.text.clone()))
        .collect();
    let text = api.brief("`api.yaml`");
    let file = BriefFile::with_scenarios("x.toml".to_owned(), text, Path::new("."), &scenarios).unwrap();
    let mixed: Vec<&str> = file
        .brief
        .traffic
        .iter()
        .map(|part| part.scenario.as_str())
        .collect();
    assert_eq!(mixed, ["list-books", "add-book", "get-books-id"]);
    assert_eq!(file.brief.question, "Which service should answer Book shop?");
}

#[test]
fn schemas_stand_alone_and_are_json_schema() {
    let document = ApiDocument::parse(SHOP).unwrap();
    let schema = json!({"$ref": "#/components/schemas/Book"});
    let schema = json_schema::of_response(&document, &schema).unwrap();
    let compiled = bakeoff_load::Schema::new(&schema.to_string());
    assert_eq!(compiled.check(), Ok(()), "{schema:#}");
    let rules = [bakeoff_load::BodyRule::Schema(compiled)];
    let holds =
        |body: Value| bakeoff_load::check_message(&rules, &body.to_string(), &BTreeMap::new()).is_ok();
    assert!(
        holds(json!({"id": 1, "title": "Moby-Dick"})),
        "only requests have a secret"
    );
    assert!(holds(
        json!({"id": 1, "title": "Moby-Dick", "sold": null, "next": {"id": 2, "title": "Walden"}})
    ));
    assert!(!holds(json!({"id": "1", "title": "Moby-Dick"})));
    assert!(!holds(json!({"id": 1, "title": "Moby-Dick", "next": {"id": 2}})));
}

#[test]
fn what_is_no_document_says_what_it_is() {
    for (text, reason) in [
        ("swagger: '2.0'", "it is of version 2 (Swagger)"),
        ("openapi: 4.0.0", "its version is 4.0.0"),
        ("{\"a\": 1}", "it has no `openapi: 3.…`"),
        ("{", "EOF while parsing"),
    ] {
        let wrong = ApiDocument::parse(text).unwrap_err();
        assert!(wrong.contains(reason), "{wrong}");
    }
    let document =
        ApiDocument::parse("openapi: 3.1.0\nx: { $ref: '#/x' }\ny: { $ref: 'b.yaml#/y' }").unwrap();
    let circle = document.resolve(document.at("#/x").unwrap());
    assert_eq!(circle.unwrap_err(), "its references run in a circle");
    let elsewhere = document.resolve(document.at("#/y").unwrap());
    assert!(elsewhere.unwrap_err().contains("is in another document"));
}
