//! Names of small sources, each with exactly what is counted.

use super::super::grammar::{Grammar, JAVA, JAVASCRIPT, PYTHON, TYPESCRIPT};
use super::super::{source, source_at};
use super::{Name, Surface, of};
use std::collections::BTreeSet;

fn dotted(names: &BTreeSet<Name>) -> Vec<String> {
    names
        .iter()
        .map(|(module, name)| format!("{module}.{name}"))
        .collect()
}

/// The names of packages in one file.
fn check(grammar: &'static Grammar, text: &str, expected: &[&str]) {
    let surface = of(&[source(grammar, text)], &["shop/a.py".to_owned()]);
    assert_eq!(dotted(&surface.of_packages), expected, "{text}");
}

/// The names in several files, each with its path.
fn of_files(files: &[(&str, &str)]) -> Surface {
    let sources: Vec<_> = files.iter().map(|(path, text)| source_at(path, text)).collect();
    let paths: Vec<String> = files.iter().map(|(path, _)| (*path).to_owned()).collect();
    of(&sources, &paths)
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

#[test]
fn names_of_typescript() {
    let controller = "
            import type { Request, Response as Answer } from 'express'
            import { Controller, Get } from '@nestjs/common'
            import { Pool } from 'pg'
            import type { Item } from './item.js'

            @Controller('items')
            export class Items {
              private readonly pool: Pool
              readonly other = new Pool()

              constructor(private readonly host: Answer, pool: Pool | undefined) { this.pool = pool! }

              @Get(':id')
              read(item: Item, request: Request, text: string): unknown {
                this.pool.query(text.anchor(), item.shown)
                this.other.end()
                this.host.locals
                return (request as Request).headers
              }
            }
            type Handler = (query: Query) => void";
    check(
        &TYPESCRIPT,
        controller,
        &[
            "@nestjs/common.Controller",
            "@nestjs/common.Get",
            "express.Request",
            "express.Response",
            "express.headers",
            "express.locals",
            "pg.Pool",
            "pg.end",
            "pg.query",
        ],
    );
}

#[test]
fn a_field_holds_what_it_was_given() {
    let python = "
import asyncpg

class Items:
    def __init__(self, pool: asyncpg.Pool) -> None:
        self.pool = pool

    async def find(self, key: str):
        return await self.pool.fetchrow(key.casefold())
";
    check(
        &PYTHON,
        python,
        &["asyncpg.Pool", "asyncpg.asyncpg", "asyncpg.fetchrow"],
    );
}

#[test]
fn own_names_count_where_another_file_imports_them() {
    let surface = of_files(&[
        (
            "app.js",
            "import routes, { one as first } from './routes/items.js'\nimport * as log from './log.js'\nlog.info(log.level)",
        ),
        (
            "routes/items.js",
            "import { info } from '../log.js'\nexport const one = 1, two = 2\nexport default info",
        ),
        (
            "routes/late.js",
            "const { info } = await import('../log.js')\nexport { one } from './items.js'",
        ),
        (
            "log.js",
            "export function info() {}\nexport function warn() {}\nimport { gone } from './not-in-the-manifest.js'",
        ),
    ]);
    let expected = ["log.info", "routes/items.default", "routes/items.one"];
    assert_eq!(dotted(&surface.own), expected);
    assert_eq!(dotted(&surface.of_packages), Vec::<String>::new());

    let surface = of_files(&[
        (
            "shop/__init__.py",
            "from shop import items as rows\nfrom .settings import Settings\nrows.find(rows.other)",
        ),
        (
            "shop/items.py",
            "from . import create\nfrom .gone import x\ndef find(): pass\n",
        ),
        ("shop/settings.py", "class Settings: pass\n"),
    ]);
    let expected = ["shop.create", "shop/items.find", "shop/settings.Settings"];
    assert_eq!(dotted(&surface.own), expected);
    assert_eq!(surface.len(), 3);
}

#[test]
fn globals_count_with_the_members_that_are_used() {
    let text = "
            import { performance } from 'node:perf_hooks'
            const body = JSON.stringify({ Buffer, now: performance.now() })
            process.env.PORT
            function f(console) { console.log(new Map(), Number(1)) }
            let until: Promise<Partial<Item>>";
    let surface = of_files(&[("a.ts", text)]);
    assert_eq!(
        dotted(&surface.globals),
        [
            "Buffer.Buffer",
            "JSON.JSON",
            "JSON.stringify",
            "Partial.Partial",
            "Promise.Promise",
            "process.env",
            "process.process",
        ]
    );
    let python = of_files(&[("a.py", "JSON = process.env\n")]);
    assert!(python.globals.is_empty());
}

#[test]
fn names_of_java() {
    let app = "
package shop;
import org.demo.web.Client;
import org.demo.web.Get;
import java.util.List;
import static org.demo.Checks.notNull;

class A {
    private final Client client;
    A(Client client) { this.client = client; }

    @Get
    List<String> read(int id) {
        var answer = client.ask(request -> request.timeout(3)).body();
        var size = helper(id);
        return Math.max(size, 1) > 2 ? List.of() : answer;
    }

    int helper(int id) { return id; }
}";
    let surface = of(&[source(&JAVA, app)], &["a.java".to_owned()]);
    assert_eq!(
        dotted(&surface.of_packages),
        [
            "java.util.List",
            "java.util.of",
            "org.demo.Checks.notNull",
            "org.demo.web.Client",
            "org.demo.web.Get",
            "org.demo.web.ask",
            "org.demo.web.body",
            "org.demo.web.timeout",
        ]
    );
    assert_eq!(dotted(&surface.globals), ["Math.Math", "Math.max"]);
    assert!(surface.own.is_empty());
}

#[test]
fn javas_own_types_count_where_another_file_uses_them() {
    let surface = of_files(&[
        (
            "src/main/java/shop/Items.java",
            "package shop; class Items { static Items of() { return new Items(); } }",
        ),
        (
            "src/main/java/shop/web/Page.java",
            "package shop.web; import shop.Items; class Page { Items items = Items.of(); Page next; }",
        ),
    ]);
    let module = "src/main/java/shop/Items";
    assert_eq!(
        dotted(&surface.own),
        [format!("{module}.Items"), format!("{module}.of")]
    );
    assert!(surface.of_packages.is_empty(), "{:?}", surface.of_packages);
}
