//! Names of small sources, each with exactly what is counted.

use super::super::grammar::{Grammar, JAVASCRIPT, PYTHON};
use super::super::source;
use super::{Own, names};

fn check(grammar: &'static Grammar, text: &str, expected: &[&str]) {
    let sources = [source(grammar, text)];
    let found: Vec<String> = names(&sources, &Own::of(&sources, &["shop/a.py".to_owned()]))
        .into_iter()
        .map(|(module, name)| format!("{module}.{name}"))
        .collect();
    assert_eq!(found, expected, "{text}");
}

#[test]
fn names_of_javascript() {
    check(
        &JAVASCRIPT,
        "import express, { Router as R } from 'express'",
        &["express.Router", "express.express"],
    );
    check(
        &JAVASCRIPT,
        "const { readFile } = require('node:fs')",
        &["fs.fs", "fs.readFile"],
    );
    check(&JAVASCRIPT, "import x from './own.js'\nx.y()", &[]);
    let app = "
            import express from 'express'
            const app = express()
            app.get('/x', (req, res) => { res.status(200).json({ id: req.params.id }) })
            app.get('/y', (req, res) => res.end())";
    check(
        &JAVASCRIPT,
        app,
        &[
            "express.end",
            "express.express",
            "express.get",
            "express.json",
            "express.params",
            "express.status",
        ],
    );
}

#[test]
fn a_parameter_of_unknown_origin_counts_by_what_is_nobody_elses() {
    let handler = "
            export async function routes(app, { items }) {
              app.route('/x')
              return items.map((item) => item.price)
            }
            const shape = { price: 1 }";
    check(&JAVASCRIPT, handler, &[".route"]);
}

#[test]
fn names_of_python() {
    let app = "
from flask import Flask, request as r
import psycopg.rows
import shop.thing
from .own import x

app = Flask(__name__)

@app.get('/x')
def read():
    x.y()
    return r.args.get('a')
";
    check(
        &PYTHON,
        app,
        &[
            "flask.Flask",
            "flask.args",
            "flask.get",
            "flask.request",
            "psycopg.psycopg.rows",
        ],
    );
    let annotated = "
from fastapi import Request
def handler(request: Request, other):
    other.unknown()
    return request.headers
";
    check(
        &PYTHON,
        annotated,
        &[".unknown", "fastapi.Request", "fastapi.headers"],
    );
}
