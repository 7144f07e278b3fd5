//! Statements.

use super::machine::{Abrupt, Evaluated, Flow, Machine};
use super::operator;
use super::value::{Code, Kind, Value};
use oxc_ast::ast::{
    ForInStatement, ForOfStatement, ForStatement, ForStatementInit, ForStatementLeft, IfStatement, Statement,
    SwitchStatement, TryStatement, VariableDeclaration, VariableDeclarationKind,
};

/// How a turn of a loop ended.
enum Turn<'a> {
    On,
    Out(Flow<'a>),
}

impl<'a> Machine<'a, '_> {
    /// Statements one after the other; functions declared among them exist from the start.
    pub(super) fn statements(&mut self, statements: &'a [Statement<'a>]) -> Evaluated<'a, Flow<'a>> {
        self.hoist(statements)?;
        for statement in statements {
            match self.statement(statement)? {
                Flow::Next => {}
                flow => return Ok(flow),
            }
        }
        Ok(Flow::Next)
    }

    /// Makes the functions that are declared among the statements.
    pub(super) fn hoist(&mut self, statements: &'a [Statement<'a>]) -> Evaluated<'a, ()> {
        for statement in statements {
            let function = match statement {
                Statement::FunctionDeclaration(function) => Some(function),
                Statement::ExportDeclaration(export) => match &export.declaration {
                    oxc_ast::ast::Declaration::FunctionDeclaration(function) => Some(function),
                    _ => None,
                },
                _ => None,
            };
            let Some(function) = function else { continue };
            let place = function.id.as_ref().and_then(|id| self.places.of_symbol(id.symbol_id.get()));
            let made = self.closure(Code::Function(function), None)?;
            if let Some(place) = place {
                self.write(place, Value::Object(made));
            }
        }
        Ok(())
    }

    /// One statement.
    pub(super) fn statement(&mut self, statement: &'a Statement<'a>) -> Evaluated<'a, Flow<'a>> {
        self.meter.step(1)?;
        self.enter(|machine| machine.any_statement(statement)).unwrap_or(Ok(Flow::Next))
    }

    fn any_statement(&mut self, statement: &'a Statement<'a>) -> Evaluated<'a, Flow<'a>> {
        match statement {
            Statement::ExpressionStatement(it) => self.expression(&it.expression).map(|_| Flow::Next),
            Statement::VariableDeclaration(it) => self.declare(it).map(|()| Flow::Next),
            Statement::ReturnStatement(it) => {
                let value = it.argument.as_ref().map_or(Ok(Value::Undefined), |value| self.expression(value))?;
                Ok(Flow::Return(value))
            }
            Statement::IfStatement(it) => self.if_statement(it),
            Statement::BlockStatement(it) => self.statements(&it.body),
            Statement::ForStatement(it) => self.for_statement(it, None),
            Statement::WhileStatement(it) => self.while_loop(Some(&it.test), &it.body, None, None),
            Statement::DoWhileStatement(it) => self.do_while(&it.test, &it.body, None),
            Statement::ForInStatement(it) => self.for_in(it, None),
            Statement::ForOfStatement(it) => self.for_of(it, None),
            Statement::SwitchStatement(it) => self.switch(it),
            Statement::BreakStatement(it) => Ok(Flow::Break(it.label.as_ref().map(|label| label.name.as_str()))),
            Statement::ContinueStatement(it) => Ok(Flow::Continue(it.label.as_ref().map(|label| label.name.as_str()))),
            Statement::ThrowStatement(it) => Err(Abrupt::Throw(self.expression(&it.argument)?)),
            Statement::TryStatement(it) => self.try_statement(it),
            Statement::LabeledStatement(it) => self.labeled(it.label.name.as_str(), &it.body),
            Statement::WithStatement(it) => {
                self.expression(&it.object)?;
                self.statement(&it.body)
            }
            Statement::ClassDeclaration(it) => self.class(it).map(|_| Flow::Next),
            Statement::ExportDeclaration(it) => match &it.declaration {
                oxc_ast::ast::Declaration::VariableDeclaration(it) => self.declare(it).map(|()| Flow::Next),
                oxc_ast::ast::Declaration::ClassDeclaration(it) => self.class(it).map(|_| Flow::Next),
                _ => Ok(Flow::Next),
            },
            Statement::ExportDefaultDeclaration(it) => self.export_default(&it.declaration).map(|_| Flow::Next),
            _ => Ok(Flow::Next),
        }
    }

    fn export_default(&mut self, it: &'a oxc_ast::ast::ExportDefaultDeclarationKind<'a>) -> Evaluated<'a> {
        use oxc_ast::ast::ExportDefaultDeclarationKind as Default;
        match it {
            Default::FunctionDeclaration(function) => {
                let made = Value::Object(self.closure(Code::Function(function), None)?);
                if let Some(place) = function.id.as_ref().and_then(|id| self.places.of_symbol(id.symbol_id.get())) {
                    self.write(place, made.clone());
                }
                Ok(made)
            }
            Default::ClassDeclaration(class) => self.class(class),
            other => other.as_expression().map_or(Ok(Value::Undefined), |value| self.expression(value)),
        }
    }

    /// `var a = …, b;`
    fn declare(&mut self, it: &'a VariableDeclaration<'a>) -> Evaluated<'a, ()> {
        for declarator in &it.declarations {
            match &declarator.init {
                Some(init) => {
                    let value = self.expression(init)?;
                    self.bind(&declarator.id, value)?;
                }
                // A `var` without a value keeps the one it has.
                None if it.kind == VariableDeclarationKind::Var => {}
                None => self.bind(&declarator.id, Value::Undefined)?,
            }
        }
        Ok(())
    }

    fn if_statement(&mut self, it: &'a IfStatement<'a>) -> Evaluated<'a, Flow<'a>> {
        match self.expression(&it.test)?.truth() {
            Some(true) => self.statement(&it.consequent),
            Some(false) => it.alternate.as_ref().map_or(Ok(Flow::Next), |alternate| self.statement(alternate)),
            None => {
                let first = self.perhaps(|machine| machine.statement(&it.consequent))?;
                let second = match &it.alternate {
                    Some(alternate) => self.perhaps(|machine| machine.statement(alternate))?,
                    None => Flow::Next,
                };
                Ok(self.either(first, second))
            }
        }
    }

    /// What may be done and may not be done. Where it throws, the other way is the one that goes on.
    pub(super) fn perhaps(
        &mut self,
        inner: impl FnOnce(&mut Self) -> Evaluated<'a, Flow<'a>>,
    ) -> Evaluated<'a, Flow<'a>> {
        self.forced += 1;
        let result = inner(self);
        self.forced -= 1;
        match result {
            Err(Abrupt::Throw(_)) => Ok(Flow::Next),
            result => result,
        }
    }

    /// The flow after one of two ways was gone. What only one of them ends is noted and goes on.
    fn either(&mut self, first: Flow<'a>, second: Flow<'a>) -> Flow<'a> {
        match (first, second) {
            (Flow::Next, Flow::Next) => Flow::Next,
            (Flow::Next, flow) | (flow, Flow::Next) => {
                match flow {
                    Flow::Break(_) => self.leaving = true,
                    Flow::Return(value) => {
                        self.leaving = true;
                        self.returned_perhaps(value);
                    }
                    Flow::Continue(_) | Flow::Next => {}
                }
                Flow::Next
            }
            (Flow::Return(a), Flow::Return(b)) => {
                Flow::Return(if operator::same(&a, &b) == Some(true) { a } else { Value::Unknown })
            }
            (Flow::Return(value), flow) | (flow, Flow::Return(value)) => {
                self.returned_perhaps(value);
                flow
            }
            (flow, _) => flow,
        }
    }

    fn returned_perhaps(&mut self, value: Value<'a>) {
        self.maybe = Some(match self.maybe.take() {
            None => value,
            Some(other) if operator::same(&value, &other) == Some(true) => value,
            Some(_) => Value::Unknown,
        });
    }

    // -- loops --

    fn labeled(&mut self, label: &'a str, body: &'a Statement<'a>) -> Evaluated<'a, Flow<'a>> {
        let flow = match body {
            Statement::ForStatement(it) => self.for_statement(it, Some(label)),
            Statement::WhileStatement(it) => self.while_loop(Some(&it.test), &it.body, None, Some(label)),
            Statement::DoWhileStatement(it) => self.do_while(&it.test, &it.body, Some(label)),
            Statement::ForInStatement(it) => self.for_in(it, Some(label)),
            Statement::ForOfStatement(it) => self.for_of(it, Some(label)),
            body => self.statement(body),
        }?;
        Ok(match flow {
            Flow::Break(Some(name)) if name == label => Flow::Next,
            flow => flow,
        })
    }

    /// One turn of a loop's body.
    fn turn(&mut self, body: &'a Statement<'a>, label: Option<&'a str>) -> Evaluated<'a, Turn<'a>> {
        Ok(match self.statement(body)? {
            Flow::Next | Flow::Continue(None) => Turn::On,
            Flow::Continue(name) if name == label => Turn::On,
            Flow::Break(None) => Turn::Out(Flow::Next),
            flow => Turn::Out(flow),
        })
    }

    fn for_statement(&mut self, it: &'a ForStatement<'a>, label: Option<&'a str>) -> Evaluated<'a, Flow<'a>> {
        match &it.init {
            Some(ForStatementInit::VariableDeclaration(declaration)) => self.declare(declaration)?,
            Some(init) => {
                if let Some(init) = init.as_expression() {
                    self.expression(init)?;
                }
            }
            None => {}
        }
        self.while_loop(it.test.as_ref(), &it.body, it.update.as_ref(), label)
    }

    fn while_loop(
        &mut self,
        test: Option<&'a oxc_ast::ast::Expression<'a>>,
        body: &'a Statement<'a>,
        update: Option<&'a oxc_ast::ast::Expression<'a>>,
        label: Option<&'a str>,
    ) -> Evaluated<'a, Flow<'a>> {
        let outer = std::mem::take(&mut self.leaving);
        let flow = self.turns(test, body, update, label);
        self.leaving = outer;
        flow
    }

    fn turns(
        &mut self,
        test: Option<&'a oxc_ast::ast::Expression<'a>>,
        body: &'a Statement<'a>,
        update: Option<&'a oxc_ast::ast::Expression<'a>>,
        label: Option<&'a str>,
    ) -> Evaluated<'a, Flow<'a>> {
        loop {
            let holds = test.map_or(Ok(Value::Bool(true)), |test| self.expression(test))?.truth();
            match holds {
                Some(false) => return Ok(Flow::Next),
                Some(true) => {}
                // Nobody knows how often: once.
                None => return self.once(body, label),
            }
            if let Turn::Out(flow) = self.turn(body, label)? {
                return Ok(flow);
            }
            if self.leaving {
                return Ok(Flow::Next);
            }
            if let Some(update) = update {
                self.expression(update)?;
            }
        }
    }

    /// A turn that may be taken or not.
    fn once(&mut self, body: &'a Statement<'a>, label: Option<&'a str>) -> Evaluated<'a, Flow<'a>> {
        let flow = self.perhaps(|machine| {
            Ok(match machine.turn(body, label)? {
                Turn::On => Flow::Next,
                Turn::Out(flow) => flow,
            })
        })?;
        Ok(self.either(flow, Flow::Next))
    }

    fn do_while(
        &mut self,
        test: &'a oxc_ast::ast::Expression<'a>,
        body: &'a Statement<'a>,
        label: Option<&'a str>,
    ) -> Evaluated<'a, Flow<'a>> {
        let outer = std::mem::take(&mut self.leaving);
        let flow = loop {
            match self.turn(body, label) {
                Ok(Turn::On) => {}
                Ok(Turn::Out(flow)) => break Ok(flow),
                Err(abrupt) => break Err(abrupt),
            }
            match self.expression(test) {
                Ok(value) if !self.leaving && value.truth() == Some(true) => {}
                Ok(_) => break Ok(Flow::Next),
                Err(abrupt) => break Err(abrupt),
            }
        };
        self.leaving = outer;
        flow
    }

    fn for_in(&mut self, it: &'a ForInStatement<'a>, label: Option<&'a str>) -> Evaluated<'a, Flow<'a>> {
        let over = self.expression(&it.right)?;
        let keys = match self.keys(&over) {
            Some(keys) => keys.into_iter().map(Value::Text).collect(),
            None => vec![Value::Unknown],
        };
        self.for_each(&it.left, keys, over.is_unknown(), &it.body, label)
    }

    fn for_of(&mut self, it: &'a ForOfStatement<'a>, label: Option<&'a str>) -> Evaluated<'a, Flow<'a>> {
        let over = self.expression(&it.right)?;
        let (values, unknown) = match self.elements(&over)? {
            Some(values) => (values, false),
            None => (vec![Value::Unknown], true),
        };
        self.for_each(&it.left, values, unknown, &it.body, label)
    }

    fn for_each(
        &mut self,
        left: &'a ForStatementLeft<'a>,
        values: Vec<Value<'a>>,
        unknown: bool,
        body: &'a Statement<'a>,
        label: Option<&'a str>,
    ) -> Evaluated<'a, Flow<'a>> {
        let outer = std::mem::take(&mut self.leaving);
        let mut result = Ok(Flow::Next);
        for value in values {
            result = self.set_left(left, value).and_then(|()| {
                if unknown { self.once(body, label).map(Turn::Out) } else { self.turn(body, label) }.map(|turn| {
                    match turn {
                        Turn::On => Flow::Continue(None),
                        Turn::Out(flow) => flow,
                    }
                })
            });
            match result {
                Ok(Flow::Continue(None)) if !self.leaving => result = Ok(Flow::Next),
                Ok(Flow::Continue(None)) => {
                    result = Ok(Flow::Next);
                    break;
                }
                _ => break,
            }
        }
        self.leaving = outer;
        result
    }

    fn set_left(&mut self, left: &'a ForStatementLeft<'a>, value: Value<'a>) -> Evaluated<'a, ()> {
        match left {
            ForStatementLeft::VariableDeclaration(declaration) => {
                declaration.declarations.first().map_or(Ok(()), |first| self.bind(&first.id, value))
            }
            left => left.as_assignment_target().map_or(Ok(()), |target| self.assign(target, value)),
        }
    }

    // -- switch and try --

    fn switch(&mut self, it: &'a SwitchStatement<'a>) -> Evaluated<'a, Flow<'a>> {
        let value = self.expression(&it.discriminant)?;
        for case in &it.cases {
            self.hoist(&case.consequent)?;
        }
        let mut start = None;
        for (index, case) in it.cases.iter().enumerate() {
            let Some(test) = &case.test else { continue };
            let test = self.expression(test)?;
            match operator::same(&value, &test) {
                Some(true) => {
                    start = Some(index);
                    break;
                }
                Some(false) => {}
                None => return self.any_case(it),
            }
        }
        let default = || it.cases.iter().position(|case| case.test.is_none());
        let Some(start) = start.or_else(default) else { return Ok(Flow::Next) };
        for case in &it.cases[start..] {
            for statement in &case.consequent {
                match self.statement(statement)? {
                    Flow::Next => {}
                    Flow::Break(None) => return Ok(Flow::Next),
                    flow => return Ok(flow),
                }
            }
        }
        Ok(Flow::Next)
    }

    /// Nobody knows which case: each may be the one.
    fn any_case(&mut self, it: &'a SwitchStatement<'a>) -> Evaluated<'a, Flow<'a>> {
        for case in &it.cases {
            let flow = self.perhaps(|machine| {
                for statement in &case.consequent {
                    match machine.statement(statement)? {
                        Flow::Next => {}
                        Flow::Break(None) => return Ok(Flow::Next),
                        flow => return Ok(flow),
                    }
                }
                Ok(Flow::Next)
            })?;
            self.either(flow, Flow::Next);
        }
        Ok(Flow::Next)
    }

    fn try_statement(&mut self, it: &'a TryStatement<'a>) -> Evaluated<'a, Flow<'a>> {
        self.tries += u32::from(it.handler.is_some());
        let mut result = self.statements(&it.block.body);
        self.tries -= u32::from(it.handler.is_some());
        if let (Err(Abrupt::Throw(thrown)), Some(handler)) = (&result, &it.handler) {
            let thrown = thrown.clone();
            let bound = handler.param.as_ref().map_or(Ok(()), |param| self.bind(&param.pattern, thrown));
            result = bound.and_then(|()| self.statements(&handler.body.body));
        } else if let (Ok(_), Some(handler)) = (&result, &it.handler)
            && self.forced > 0
        {
            // What is called there may throw as well.
            self.perhaps(|machine| {
                if let Some(param) = &handler.param {
                    machine.bind(&param.pattern, Value::Unknown)?;
                }
                machine.statements(&handler.body.body)
            })?;
        }
        if let Some(finalizer) = &it.finalizer {
            match self.statements(&finalizer.body)? {
                Flow::Next => {}
                flow => return Ok(flow),
            }
        }
        result
    }

    /// The elements that `for … of` and spreading give; `None` where they are unknown.
    pub(super) fn elements(&mut self, over: &Value<'a>) -> Evaluated<'a, Option<Vec<Value<'a>>>> {
        Ok(match over {
            Value::Text(text) => {
                self.meter.room(text.len() * 80)?;
                Some((0..text.len()).map(|at| Value::Text(text.slice(at, at + 1, &self.meter))).collect())
            }
            Value::Object(object) => match &*object.kind.borrow() {
                Kind::Array(elements) => {
                    self.meter.room(elements.len() * 16)?;
                    Some(elements.clone())
                }
                Kind::View(view) => {
                    self.meter.room(view.length * 16)?;
                    Some((0..view.length).map(|at| view.get(at)).collect())
                }
                _ => None,
            },
            _ => None,
        })
    }
}
