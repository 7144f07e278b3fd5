//! Programs that are made to run away.

#[cfg(test)]
use super::{layers, read, within};
use std::time::Instant;

/// A debug build on a busy machine needs some seconds for the whole budget; what has none would take for ever.
const LONGEST: u64 = 60;

#[test]
fn nothing_runs_away() {
    for text in [
        "for(;;){}",
        "eval;while(true){x=[x,x]}",
        "eval;var s='x';for(;;)s+=s",
        "eval;var a=[];for(;;)a.push(a)",
        "eval;var a=[];for(;;)a.push([])",
        "eval;var o={};for(;;)o={o}",
        "eval;function f(){return f()+f()} f()",
        "eval;function f(n){return f(n+1)} f(0)",
        "eval;function f(x){if(x)f();else f();f();f()}",
        "eval;var f=()=>g(),g=()=>f();f()",
        "eval;'a'.repeat(1e9)",
        "eval;new Uint8Array(4e9)",
        "eval;new Array(4e9).fill(0)",
        "eval;Array.from({length:4e9})",
        "eval;'x'.padStart(1e9)",
        "eval;var a='aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!';/^(a+)+$/.test(a);/(a*)*b/.test(a);a.replace(/(a|aa)+$/g,'')",
        "eval;var s='a'.repeat(99999);s.split('').map(c=>s.split(''))",
        "eval;var a=[3,1,2];a.sort(()=>a.push(1))",
        "eval;var a=[1];a.forEach(()=>a.push(1));a.map(x=>a.concat(a))",
        "eval;var a=[];a[4294967290]=1;a[16777215]=2;a.length=4e9",
        "eval;var o={valueOf(){return o+1}};o+1",
        "eval;var o={toString(){return o+''}};`${o}`",
        "eval;a=[];a[0]=a;a+''",
        "eval;var p={};p.__proto__=p;p.x;var q={__proto__:p};p.__proto__=q;q.y",
        "eval;function F(){return new F} new F",
        "eval;class A extends A{} new A",
        "eval;class A{constructor(){new A}} new A",
        "eval;for(var i=0;i<1e9;i++)eval('a layer with number '+i)",
        "eval;for(var i=0;;i++)new WebSocket('wss://h'+i+'.example/')",
        "eval;label:for(;;){for(;;){continue label}}",
        "eval;do{}while(1)",
        "eval;try{for(;;)try{throw 1}catch(e){continue}finally{continue}}finally{}",
        "eval;var b=f.bind(f);b=b.bind(b);function f(){return b()}f()",
        "eval;eval.call.call.call(eval.call.call)",
        "eval;[].concat.apply([],Array(1e6).fill([1]))",
        "eval;String.fromCharCode.apply(null,new Uint8Array(1e8))",
    ] {
        let start = Instant::now();
        let extraction = read(text);
        assert!(start.elapsed().as_secs() < LONGEST, "{text}: {:?}", start.elapsed());
        assert!(extraction.children.len() <= crate::limits::LAYERS, "{text}");
    }
}

#[test]
fn what_runs_away_does_not_hide_what_stands_behind() {
    let text = "function spin(){for(;;){}} function other(){eval('the code of a layer')} spin()";
    assert_eq!(layers(text), ["the code of a layer"]);
    let text = "function a(){for(;;){}} function b(){for(;;){}} function c(){eval('the code of a layer')}";
    assert_eq!(layers(text), ["the code of a layer"]);
}

/// Programs out of parts that decoders are made of, in an order that nobody wrote.
#[test]
fn any_program_is_survived() {
    let parts = [
        "var a=[1,2,3];",
        "b='text';",
        "a.push(b);",
        "a[b]=a;",
        "b+=a;",
        "b=b.split('');",
        "b=b.join(a);",
        "for(i=0;i<9;i++){",
        "}",
        "if(a){",
        "}else{",
        "function f(x,y){",
        "return x+y}",
        "f(a,b);",
        "eval(b);",
        "a=f;",
        "a=a.bind(b);",
        "b=a.call(b,a);",
        "while(b){",
        "try{",
        "}catch(e){",
        "}finally{",
        "throw a;",
        "switch(b){case a:",
        "default:",
        "break;",
        "continue;",
        "new Worker(b);",
        "new f(a);",
        "a={b,a};",
        "a=new Uint8Array(9);",
        "a.set(a,3);",
        "b=atob(b);",
        "b=unescape('%u0041'+b);",
        "b=String.fromCharCode(a[0]^b);",
        "a=a.map(f);",
        "a=[...a,...b];",
        "({a,b}=a);",
        "[a,b]=[b,a];",
        "a=/(a|b)*c/g;",
        "b=b.replace(a,f);",
        "class C{constructor(){this.x=a}m(){return this.x}}",
        "a=new C;",
        "a.m();",
        "delete a[b];",
        "b=typeof a;",
        "a=a?.b?.(a);",
        "b=`${a}${b}`;",
        "a=function(){return arguments};",
        "a=(x=a)=>x;",
        "self[b](a);",
        "window.q=a;",
        "b=JSON;",
        "a=a.reduce(f,b);",
    ];
    let mut state = 0x2545_f491_4f6c_dd1du64;
    for _ in 0..10_000 {
        let mut text = "eval;".to_owned();
        for _ in 0..12 {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            text += parts[(state % parts.len() as u64) as usize];
        }
        // Open brackets are closed as far as that goes, so that most of them are programs.
        let open = text.matches('{').count().saturating_sub(text.matches('}').count());
        text += &"}".repeat(open);
        let (handed, _) = within(&text, 20_000);
        assert!(handed.layers.len() <= crate::limits::LAYERS, "{text}");
    }
}

#[test]
fn circles_are_let_go_of() {
    // Each call leaves a function that knows a variable that knows the function.
    let text = "function once(i){var keep=[i,i,i,i,i,i,i,i];var f=function(){return keep};f.self=f;keep.push(f);keep.o={f};return i} \
                var n=0;for(var i=0;i<2000;i++){n+=once(1)} eval('the layer after '+n)";
    assert_eq!(layers(text), ["the layer after 2000"]);
}
