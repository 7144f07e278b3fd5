// A search with Keccak in loops over lists of BigInts, cut to 64 bits by a function of a function.
const RC=[0x1n,0x8082n,0x800000000000808an,0x8000000080008000n,0x808bn,0x80000001n,0x8000000080008081n,0x8000000000008009n,0x8an,0x88n,0x80008009n,0x8000000an,0x8000808bn,0x800000000000008bn,0x8000000000008089n,0x8000000000008003n,0x8000000000008002n,0x8000000000000080n,0x800an,0x800000008000000an,0x8000000080008081n,0x8000000000008080n,0x80000001n,0x8000000080008008n];
const U=(x)=>BigInt.asUintN(64,x);
const rot=(x,n)=>U((x<<n)|(x>>(64n-n)));
function f(A){
  for(let r=0;r<24;r++){
    const C=[0n,0n,0n,0n,0n],D=[];
    for(let x=0;x<5;x++) C[x]=A[x]^A[x+5]^A[x+10]^A[x+15]^A[x+20];
    for(let x=0;x<5;x++) D[x]=C[(x+4)%5]^rot(C[(x+1)%5],1n);
    for(let i=0;i<25;i++) A[i]=U(A[i]^D[i%5]);
    let x=1,y=0,cur=A[1];
    for(let t=0;t<24;t++){
      const X=y; y=(2*x+3*y)%5; x=X;
      const sh=BigInt(((t+1)*(t+2)/2)%64);
      const k=x+5*y, tmp=A[k]; A[k]=sh?rot(cur,sh):cur; cur=tmp;
    }
    for(let j=0;j<25;j+=5){ const row=A.slice(j,j+5); for(let i=0;i<5;i++) A[j+i]=U(row[i]^(~row[(i+1)%5]&row[(i+2)%5])); }
    A[0]^=RC[r];
  }
}
function keccak(bytes) {
  const s = new Array(25).fill(0n);
  const p = new Uint8Array(136); p.set(bytes); p[bytes.length] ^= 1; p[135] ^= 128;
  for (let i = 0; i < 17; i++) { let x = 0n; for (let j = 7; j >= 0; j--) x = (x << 8n) | BigInt(p[8 * i + j]); s[i] ^= x; }
  f(s);
  return s;
}
onmessage = (e) => {
  const { b, t, i } = e.data;
  const buf = new Uint8Array(80); buf.set(b);
  for (let n = 0; n < 4294967296; n++) {
    buf[76] = n; buf[77] = n >>> 8; buf[78] = n >>> 16; buf[79] = n >>> 24;
    const h = keccak(buf);
    if (h[3] < t) { postMessage([i, n]); return; }
  }
};
