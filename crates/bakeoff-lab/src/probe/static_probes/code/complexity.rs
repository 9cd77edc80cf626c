//! Cognitive complexity [G. A. Campbell, Cognitive Complexity, SonarSource, version 1.7]: one point for each
//! break of the linear flow, one more for each level of nesting around it; else branches, runs of like
//! logical operators, jumps to labels and recursion cost one point without nesting. Methods that return early
//! and shorthands such as `?.` and `??` cost nothing.
//!
//! A function inside another nests, with the paper's two exceptions: in JavaScript an outer function without
//! any break of its own is a declaration, and in Python one that only defines a function and returns is a
//! decorator. A function that only declarations are around stands alone; any other is a part of the one around it. Only
//! direct recursion counts.

#[cfg(test)]
mod tests;

use super::grammar::{Declarations, Grammar};
use super::source::{Kind, Source, children};
use tree_sitter::Node;

/// The points of each function that stands alone, in no order. What a file does outside of functions is one more where
/// it has points.
pub(super) fn of_functions(source: &Source) -> Vec<u64> {
    let (Some(tree), Kind::Code(grammar)) = (&source.tree, source.kind) else {
        return Vec::new();
    };
    let mut walk = Walk {
        source,
        grammar,
        functions: Vec::new(),
    };
    let outside = walk.node(tree.root_node(), 0);
    walk.functions.extend(Some(outside).filter(|points| *points > 0));
    walk.functions
}

/// The effect of a node on the control flow.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Flow {
    /// `if`, with its branches.
    If,
    /// A loop, a switch, a handler of exceptions or a conditional expression: a point, and it nests.
    Structure,
    /// The else branch of a loop, as Python has it: a point without nesting.
    Else,
    /// A function.
    Function,
    /// `&&`, `||`, `and`, `or`.
    Logical,
    /// A jump to a label.
    Jump,
    /// Nothing.
    Straight,
}

struct Walk<'s> {
    source: &'s Source,
    grammar: &'static Grammar,
    /// The points of the functions so far that stand alone.
    functions: Vec<u64>,
}

impl Walk<'_> {
    /// The points of a node without those of the functions in it that stand alone.
    fn node(&mut self, node: Node<'_>, nesting: u64) -> u64 {
        match self.flow(node) {
            Flow::If => 1 + nesting + self.branches(node, nesting),
            Flow::Structure => {
                1 + nesting
                    + children(node)
                        .into_iter()
                        .map(|child| self.part(node, child, nesting))
                        .sum::<u64>()
            }
            Flow::Else => 1 + self.parts(node, nesting),
            Flow::Function => self.function(node, nesting),
            Flow::Logical => self.logical(node, nesting),
            Flow::Jump => 1,
            Flow::Straight => self.parts(node, nesting),
        }
    }

    fn function(&mut self, node: Node<'_>, nesting: u64) -> u64 {
        let points = self.recursion(node) + self.parts(node, self.inside(node, nesting));
        if self.stands_alone(node) {
            self.functions.push(points);
            return 0;
        }
        points
    }

    fn parts(&mut self, node: Node<'_>, nesting: u64) -> u64 {
        children(node)
            .into_iter()
            .map(|child| self.node(child, nesting))
            .sum()
    }

    /// An `if`'s condition and branches: the branches nest, and `else if` costs one point as `else` does.
    fn branches(&mut self, node: Node<'_>, nesting: u64) -> u64 {
        let part = |child: Node<'_>| match child.kind() {
            "elif_clause" => 1 + self.branches(child, nesting),
            "else_clause" => match only_if(child) {
                Some(inner) => 1 + self.branches(inner, nesting),
                None => 1 + self.parts(child, nesting + 1),
            },
            // Java has the branch itself where others have a clause around it.
            "if_statement" if node.child_by_field_name("alternative") == Some(child) => {
                1 + self.branches(child, nesting)
            }
            kind if kind != "elif_clause" && node.child_by_field_name("alternative") == Some(child) => {
                1 + self.node(child, nesting + 1)
            }
            _ => self.part(node, child, nesting),
        };
        children(node).into_iter().map(part).sum()
    }

    /// A part of a nesting structure: conditions and iterated values are outside of it, all else is inside.
    fn part(&mut self, parent: Node<'_>, child: Node<'_>, nesting: u64) -> u64 {
        let outside = [
            "condition",
            "left",
            "right",
            "value",
            "subject",
            "initializer",
            "increment",
            "init",
            "update",
        ];
        let is_outside = outside
            .iter()
            .any(|field| parent.child_by_field_name(field) == Some(child));
        self.node(child, if is_outside { nesting } else { nesting + 1 })
    }

    fn flow(&self, node: Node<'_>) -> Flow {
        match node.kind() {
            "if_statement" => Flow::If,
            "for_statement"
            | "for_in_statement"
            | "enhanced_for_statement"
            | "while_statement"
            | "do_statement"
            | "switch_statement"
            | "switch_expression"
            | "match_statement"
            | "catch_clause"
            | "except_clause"
            | "ternary_expression"
            | "conditional_expression" => Flow::Structure,
            "else_clause"
                if node
                    .parent()
                    .is_some_and(|parent| parent.kind() != "try_statement") =>
            {
                Flow::Else
            }
            "function_declaration"
            | "function_expression"
            | "generator_function"
            | "generator_function_declaration"
            | "arrow_function"
            | "method_definition"
            | "function_definition"
            | "method_declaration"
            | "constructor_declaration"
            | "compact_constructor_declaration"
            | "lambda_expression"
            | "lambda" => Flow::Function,
            "boolean_operator" => Flow::Logical,
            "binary_expression" if self.operator(node).is_some() => Flow::Logical,
            // The label is the only named part that such a statement has.
            "break_statement" | "continue_statement" if node.named_child_count() > 0 => Flow::Jump,
            _ => Flow::Straight,
        }
    }

    /// The logical operator of a node, if it is one.
    fn operator(&self, node: Node<'_>) -> Option<&str> {
        let operator = node
            .child_by_field_name("operator")
            .map(|operator| self.source.at(operator))?;
        ["&&", "||", "and", "or"].contains(&operator).then_some(operator)
    }

    /// One point for each run of like operators, read from left to right, and what the operands cost.
    fn logical(&mut self, node: Node<'_>, nesting: u64) -> u64 {
        let (mut operators, mut operands) = (Vec::new(), Vec::new());
        self.flatten(node, &mut operators, &mut operands);
        let changes = operators.windows(2).filter(|pair| pair[0] != pair[1]).count() as u64;
        1 + changes
            + operands
                .into_iter()
                .map(|operand| self.node(operand, nesting))
                .sum::<u64>()
    }

    fn flatten<'t>(&self, node: Node<'t>, operators: &mut Vec<String>, operands: &mut Vec<Node<'t>>) {
        let bare = match node.kind() {
            "parenthesized_expression" => node.named_child(0).unwrap_or(node),
            _ => node,
        };
        let sides = (
            bare.child_by_field_name("left"),
            self.operator(bare),
            bare.child_by_field_name("right"),
        );
        match sides {
            (Some(left), Some(operator), Some(right)) if self.flow(bare) == Flow::Logical => {
                self.flatten(left, operators, operands);
                operators.push(operator.to_owned());
                self.flatten(right, operators, operands);
            }
            _ => operands.push(node),
        }
    }

    /// The nesting inside a function.
    fn inside(&self, function: Node<'_>, nesting: u64) -> u64 {
        match self.outer(function) {
            None => nesting,
            Some(outer) if self.is_declaration(outer) => nesting,
            Some(_) => nesting + 1,
        }
    }

    /// Whether all functions around it only declare.
    fn stands_alone(&self, function: Node<'_>) -> bool {
        self.outer(function)
            .is_none_or(|outer| self.is_declaration(outer) && self.stands_alone(outer))
    }

    fn outer<'t>(&self, function: Node<'t>) -> Option<Node<'t>> {
        std::iter::successors(function.parent(), |node| node.parent())
            .find(|node| self.flow(*node) == Flow::Function)
    }

    /// Whether a function only declares its content.
    fn is_declaration(&self, function: Node<'_>) -> bool {
        let Some(body) = function.child_by_field_name("body") else {
            return false;
        };
        match self.grammar.declarations {
            Declarations::Never => false,
            Declarations::WithoutFlow => !self.breaks(body),
            Declarations::Decorators => {
                let only = [
                    "function_definition",
                    "decorated_definition",
                    "return_statement",
                    "comment",
                ];
                body.kind() == "block" && children(body).iter().all(|child| only.contains(&child.kind()))
            }
        }
    }

    /// Whether the flow breaks here or below, without inner functions.
    fn breaks(&self, node: Node<'_>) -> bool {
        match self.flow(node) {
            Flow::If | Flow::Structure => true,
            Flow::Function => false,
            _ => children(node).into_iter().any(|child| self.breaks(child)),
        }
    }

    /// One point for a function that calls itself by its name.
    fn recursion(&self, function: Node<'_>) -> u64 {
        let name = function
            .child_by_field_name("name")
            .or_else(|| bound_to(function))
            .map(|name| self.source.at(name));
        let body = function.child_by_field_name("body");
        // Java's methods of one name differ in their parameters: as many arguments make the method itself likely.
        let parameters = function.child_by_field_name("parameters");
        let parameters = parameters.map_or(0, |list| list.named_child_count());
        match (name, body) {
            (Some(name), Some(body)) => u64::from(self.calls(body, name, parameters)),
            _ => 0,
        }
    }

    fn calls(&self, node: Node<'_>, name: &str, parameters: usize) -> bool {
        if node.kind() == "method_invocation" && self.invokes(node, name, parameters) {
            return true;
        }
        let callee = node
            .child_by_field_name("function")
            .map(|callee| self.source.at(callee));
        let own = |callee: &str| {
            callee == name || callee == format!("this.{name}") || callee == format!("self.{name}")
        };
        callee.is_some_and(own)
            || children(node)
                .into_iter()
                .any(|child| self.calls(child, name, parameters))
    }

    /// Whether a call of Java is of the method of that name with as many parameters, on the object itself.
    fn invokes(&self, call: Node<'_>, name: &str, parameters: usize) -> bool {
        let text = |field| call.child_by_field_name(field).map(|part| self.source.at(part));
        let arguments = call.child_by_field_name("arguments");
        text("name") == Some(name)
            && text("object").is_none_or(|object| object == "this")
            && arguments.is_some_and(|list| list.named_child_count() == parameters)
    }
}

/// The `if` of an `else if`.
fn only_if(clause: Node<'_>) -> Option<Node<'_>> {
    children(clause)
        .into_iter()
        .find(|child| child.kind() == "if_statement")
}

/// The variable that a nameless function is bound to.
fn bound_to(function: Node<'_>) -> Option<Node<'_>> {
    function
        .parent()
        .filter(|parent| parent.kind() == "variable_declarator")?
        .child_by_field_name("name")
}
