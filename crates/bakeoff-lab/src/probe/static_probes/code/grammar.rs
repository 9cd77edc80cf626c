//! The grammars with which source is counted. A grammar has the few facts in which the languages differ; the counting
//! itself knows the node kinds of all of them.

/// A grammar of one language.
#[derive(Debug)]
pub(crate) struct Grammar {
    /// The extensions of its files.
    pub(super) extensions: &'static [&'static str],
    /// The parser of tree-sitter.
    pub(super) parser: fn() -> tree_sitter::Language,
    /// Which outer functions add no nesting to cognitive complexity.
    pub(super) declarations: Declarations,
    /// The form of its import statements.
    pub(super) imports: Imports,
    /// The names of its library that need no import, with blanks between.
    pub(super) globals: &'static str,
}

/// The outer functions that only declare, and so add no nesting [Campbell, Cognitive Complexity, appendix A].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Declarations {
    /// Functions without any control flow of their own, as JavaScript's modules and classes in functions.
    WithoutFlow,
    /// Functions that only define a function and return, as Python's decorators.
    Decorators,
    /// None: in Java a class holds the methods.
    Never,
}

/// The form of import statements.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Imports {
    /// `import x from 'module'`.
    EsModules,
    /// `import module`.
    Dotted,
    /// `import package.Type`, and none for a type of the same package.
    Packages,
}

/// What JavaScript and Node.js have without an import where Python imports `json`, `os`, `re`, `math`, `datetime`,
/// `asyncio`, `logging`, `urllib` and `typing`. Without the counterparts of Python's built-in types, functions and
/// exceptions (`Map`, `Number`, `parseInt`, `Error`), which count in neither language.
const GLOBALS_OF_JAVASCRIPT: &str = "\
    AbortController AbortSignal ArrayBuffer Atomics Blob BroadcastChannel Buffer CompressionStream CustomEvent \
    DataView Date DecompressionStream Event EventTarget File Float32Array Float64Array FormData Headers Int8Array \
    Int16Array Int32Array Intl JSON Math MessageChannel Promise Proxy ReadableStream Reflect RegExp Request Response \
    SharedArrayBuffer Temporal TextDecoder TextEncoder TransformStream URL URLSearchParams Uint8Array Uint16Array \
    Uint32Array WeakRef WebAssembly WebSocket WritableStream __dirname __filename atob btoa clearImmediate \
    clearInterval clearTimeout console crypto decodeURI decodeURIComponent encodeURI encodeURIComponent exports fetch \
    globalThis module navigator performance process queueMicrotask require setImmediate setInterval setTimeout \
    structuredClone \
    AsyncGenerator AsyncIterable AsyncIterator Awaited Exclude Extract Generator InstanceType Iterable Iterator \
    NonNullable Omit Parameters Partial Pick Readonly Record Required ReturnType";

/// What `java.lang` has where Python imports `os`, `sys`, `math`, `threading` and `subprocess`. Without counterparts of
/// Python's built-in types, functions and exceptions.
const GLOBALS_OF_JAVA: &str = "\
    Math Module ModuleLayer Process ProcessBuilder ProcessHandle Runtime ScopedValue StackWalker StrictMath \
    StringBuffer StringBuilder System Thread ThreadGroup ThreadLocal";

/// Java.
pub(crate) static JAVA: Grammar = Grammar {
    extensions: &["java"],
    parser: || tree_sitter_java::LANGUAGE.into(),
    declarations: Declarations::Never,
    imports: Imports::Packages,
    globals: GLOBALS_OF_JAVA,
};

/// JavaScript.
pub(crate) static JAVASCRIPT: Grammar = Grammar {
    extensions: &["js", "mjs", "cjs"],
    parser: || tree_sitter_javascript::LANGUAGE.into(),
    declarations: Declarations::WithoutFlow,
    imports: Imports::EsModules,
    globals: GLOBALS_OF_JAVASCRIPT,
};

/// TypeScript, without JSX.
pub(crate) static TYPESCRIPT: Grammar = Grammar {
    extensions: &["ts", "mts", "cts"],
    parser: || tree_sitter_typescript::LANGUAGE_TYPESCRIPT.into(),
    declarations: Declarations::WithoutFlow,
    imports: Imports::EsModules,
    globals: GLOBALS_OF_JAVASCRIPT,
};

/// Python.
pub(crate) static PYTHON: Grammar = Grammar {
    extensions: &["py"],
    parser: || tree_sitter_python::LANGUAGE.into(),
    declarations: Declarations::Decorators,
    imports: Imports::Dotted,
    globals: "",
};
