//! The examples of the paper, and the corners between them.

use super::super::grammar::{Grammar, JAVA, JAVASCRIPT, PYTHON, TYPESCRIPT};
use super::super::source;
use super::of_functions;

fn check(grammar: &'static Grammar, text: &str, expected: u64) {
    let points = of_functions(&source(grammar, text));
    assert_eq!(points.iter().sum::<u64>(), expected, "{text}");
}

/// What each function has that stands alone, the hardest first.
fn check_functions(grammar: &'static Grammar, text: &str, expected: &[u64]) {
    let mut points = of_functions(&source(grammar, text));
    points.sort_unstable_by(|one, other| other.cmp(one));
    assert_eq!(points, expected, "{text}");
}

/// The paper's first pair: cyclomatic complexity is 4 for both.
#[test]
fn loops_with_a_jump_cost_seven_and_a_switch_one() {
    let sum_of_primes = "
            function sumOfPrimes(max) {
              let total = 0
              OUT: for (let i = 1; i <= max; ++i) { // 1
                for (let j = 2; j < i; ++j) { // 2
                  if (i % j === 0) { // 3
                    continue OUT // 1
                  }
                }
                total += i
              }
              return total
            }";
    check(&JAVASCRIPT, sum_of_primes, 7);
    let get_words = "
            function getWords(number) {
              switch (number) { // 1
                case 1: return 'one'
                case 2: return 'a couple'
                case 3: return 'a few'
                default: return 'lots'
              }
            }";
    check(&JAVASCRIPT, get_words, 1);
}

/// The same two as the paper prints them, in Java.
#[test]
fn java_costs_what_the_paper_says() {
    let primes = "class A {
            int sumOfPrimes(int max) {
              int total = 0;
              OUT: for (int i = 1; i <= max; ++i) { // 1
                for (int j = 2; j < i; ++j) { // 2
                  if (i % j == 0) { // 3
                    continue OUT; // 1
                  }
                }
                total += i;
              }
              return total;
            }
            String getWords(int number) {
              switch (number) { // 1
                case 1: return \"one\";
                case 2: return \"a couple\";
                default: return \"lots\";
              }
            }
          }";
    check_functions(&JAVA, primes, &[7, 1]);
    let nested = "class A {
            void myMethod() {
              try {
                if (condition1) { // 1
                  for (int i = 0; i < 10; i++) { // 2
                    while (condition2) { f(); } // 3
                  }
                }
              } catch (A | B e) { // 1
                if (condition2) { f(); } // 2
              }
            }
            void myMethod2() {
              Runnable r = () -> { // nests
                if (condition1) { f(); } // 2
              };
            }
          }";
    check_functions(&JAVA, nested, &[9, 2]);
    let branches =
        "class A { void f() { if (a) { f(1); } else if (b) { g(); } else { for (var x : y) { h(); } } } }";
    check(&JAVA, branches, 1 + 1 + 1 + 2);
    check(&JAVA, "class A { boolean f() { return a && b && c || d; } }", 2);
    check(
        &JAVA,
        "class A { int f(int n) { return n < 2 ? 1 : n * f(n - 1); } }",
        1 + 1,
    );
    check(
        &JAVA,
        "class A { int f(int n) { return f(n, 1); } int f(int n, int m) { return m; } }",
        0,
    );
}

/// The paper's example of nesting.
#[test]
fn nesting_costs_and_try_does_not() {
    let javascript = "
            function myMethod() {
              try {
                if (condition1) { // 1
                  for (let i = 0; i < 10; i++) { // 2
                    while (condition2) { f() } // 3
                  }
                }
              } catch (e) { // 1
                if (condition2) { f() } // 2
              }
            }";
    check(&JAVASCRIPT, javascript, 9);
    let python = "
def my_method():
    try:
        if condition1:  # 1
            for i in range(10):  # 2
                while condition2:  # 3
                    f()
    except (A, B) as e:  # 1
        if condition2:  # 2
            f()
";
    check(&PYTHON, python, 9);
}

/// The paper's examples of sequences of logical operators.
#[test]
fn a_run_of_like_operators_costs_one() {
    check(&JAVASCRIPT, "if (a && b && c || d || e && f) { g() }", 4); // if, &&, ||, &&
    check(&JAVASCRIPT, "if (a && !(b && c)) { g() }", 3); // if, &&, &&
    check(&PYTHON, "if a and b and c or d or e and f:\n    g()\n", 4);
    check(&PYTHON, "x = a or b\n", 1);
    check(&JAVASCRIPT, "const x = a ?? b?.c", 0);
}

#[test]
fn else_costs_one_without_nesting() {
    check(&JAVASCRIPT, "if (a) { f() } else if (b) { g() } else { h() }", 3);
    check(&PYTHON, "if a:\n    f()\nelif b:\n    g()\nelse:\n    h()\n", 3);
    check(
        &JAVASCRIPT,
        "while (a) { if (b) { f() } else { if (c) { g() } } }",
        1 + 2 + 1 + 3,
    );
    check(&JAVASCRIPT, "const x = a ? b : c ? d : e", 1 + 2);
    check(&PYTHON, "x = b if a else c\n", 1);
}

/// The paper's examples of what it calls compensating usages.
#[test]
fn functions_nest_but_for_declarations_and_decorators() {
    check(
        &JAVASCRIPT,
        "const bar = function () { foo.f = function (a, b) { if (a > b) { a++ } } }",
        1,
    );
    check(
        &JAVASCRIPT,
        "const bar = function (c) { if (c) { g() }\n foo.f = function (a, b) { if (a > b) { a++ } } }",
        1 + 2,
    );
    let decorator = "
def a_decorator(a, b):
    def inner(func):
        if condition:  # 1
            print(b)
        func()
    return inner
";
    check(&PYTHON, decorator, 1);
    let not_a_decorator = "
def not_a_decorator(a, b):
    my_var = a * b
    def inner(func):
        if condition:  # 2
            print(b)
        func()
    return inner
";
    check(&PYTHON, not_a_decorator, 2);
    let generator = "
def decorator_generator(a):
    def generator(func):
        def decorator(func):
            if condition:  # 1
                print(b)
            return func(1)
        return decorator
    return generator
";
    check(&PYTHON, generator, 1);
}

#[test]
fn recursion_costs_one() {
    check(&JAVASCRIPT, "function f(n) { return n ? n * f(n - 1) : 1 }", 2);
    check(&JAVASCRIPT, "const f = (n) => g(n)", 0);
    check(&PYTHON, "def f(n):\n    return f(n - 1)\n", 1);
}

#[test]
fn types_cost_nothing() {
    let typed = "
            class Shop<Row extends object> {
              constructor(private readonly rows: Row[]) {}
              find(id: number | string, fallback?: Row): Row | undefined {
                if (typeof id === 'number' && id > 0) { return this.rows[id]! } // 2
                return (fallback as Row) ?? undefined
              }
            }
            type Name<T> = T extends { name: infer N } ? N : never
            interface Page { items: Item[]; next: number | null }";
    check(&TYPESCRIPT, typed, 2);
}

#[test]
fn a_function_stands_alone_unless_one_with_flow_is_around_it() {
    let routes = "
            export default async function routes(app) {
              app.get('/a', (req) => req.a ? 1 : 2) // 1
              app.get('/b', (req) => { if (req.b) { for (const x of req.b) f(x) } }) // 1 + 2
            }";
    check_functions(&JAVASCRIPT, routes, &[3, 1, 0]);
    let guarded = "
            function routes(app) {
              if (app.on) { app.get('/a', (req) => req.a ? 1 : 2) } // 1, and 1 + 2 inside
            }";
    check_functions(&JAVASCRIPT, guarded, &[4]);
    let class = "
            class A {
              one() { if (this.x) f() }
              get two() { return this.y ? 1 : this.z ? 2 : 3 }
            }";
    check_functions(&TYPESCRIPT, class, &[3, 1]);
    let python = "
class A:
    def one(self):
        if self.x:
            f()

    def two(self):
        def inner():
            return 1 if self.y else 2
        return inner

if B:
    g()
";
    check_functions(&PYTHON, python, &[1, 1, 1, 0]);
}
