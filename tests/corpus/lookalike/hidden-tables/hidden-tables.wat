;; SHA-256 (FIPS 180-4) over one block of 64 bytes at address 2048; the eight words of the state stand at 512.
;; The round constants stand exclusive-ored with 0x5a at 1024, until the start function has run.
(module
  (memory (export "memory") 1)
  (data (i32.const 1024)
    "\c2\75\d0\18\cb\1e\6d\2b\95\a1\9a\ef\ff\81\ef\b3\01\98\0c\63\ab\4b\ab\03\fe\d8\65\c8\8f\04\46\f1"
    "\c2\f0\5d\82\5b\01\d9\48\e4\df\6b\7e\99\27\56\0f\2e\07\e4\28\a4\eb\84\da\fd\5c\86\c1\2e\ab\c1\9b"
    "\9b\33\c1\be\dc\1d\e4\b5\9c\c7\9b\55\96\fb\56\7e\35\76\b3\77\f0\de\2e\10\86\f3\ea\06\80\d2\a3\2c"
    "\08\0b\64\c2\37\9c\6b\f2\92\7d\59\ea\9d\25\03\e5\a9\51\ba\9c\1d\cb\fd\8f\0b\39\90\5c\3d\73\73\4e"
    "\df\50\ed\7d\62\7b\41\74\a6\37\76\17\49\57\62\09\0e\29\50\3f\e1\50\30\2c\74\93\98\db\df\76\28\c8"
    "\fb\b2\e5\f8\11\3c\40\f2\2a\d1\11\98\f9\0b\36\9d\43\b2\c8\8b\7e\5c\c3\8c\df\6f\54\ae\2a\fa\30\4a"
    "\4c\9b\fe\43\52\36\6d\44\16\2d\12\7d\ef\e6\ea\6e\e9\56\46\63\10\f0\82\14\15\90\c6\01\a9\35\74\32"
    "\b4\d8\d5\2e\35\39\ff\22\4e\22\92\de\52\58\9d\d6\a0\a5\e4\ca\b1\36\0a\fe\ad\f9\a3\e4\a8\22\2b\9c")
  (start $decrypt)
  (func $decrypt (local $p i32)
    (loop $next
      (i32.store offset=1024 (local.get $p) (i32.xor (i32.load offset=1024 (local.get $p)) (i32.const 0x5a5a5a5a)))
      (br_if $next (i32.lt_u (local.tee $p (i32.add (local.get $p) (i32.const 4))) (i32.const 256)))))
  (func (export "input") (result i32) (i32.const 2048))
  (func (export "state") (result i32) (i32.const 512))
  (func (export "compress")
    (local $p i32) (local $t i32) (local $u i32)
    (local $a i32) (local $b i32) (local $c i32) (local $d i32) (local $e i32) (local $f i32) (local $g i32) (local $h i32)
    (local.set $p (i32.const 64))
    (loop $schedule
      (i32.store offset=2048 (local.get $p) (i32.add
        (i32.add (i32.load offset=1984 (local.get $p)) (i32.load offset=2020 (local.get $p)))
        (i32.add
          (i32.xor (i32.xor (i32.rotr (i32.load offset=1988 (local.get $p)) (i32.const 7)) (i32.rotr (i32.load offset=1988 (local.get $p)) (i32.const 18))) (i32.shr_u (i32.load offset=1988 (local.get $p)) (i32.const 3)))
          (i32.xor (i32.xor (i32.rotr (i32.load offset=2040 (local.get $p)) (i32.const 17)) (i32.rotr (i32.load offset=2040 (local.get $p)) (i32.const 19))) (i32.shr_u (i32.load offset=2040 (local.get $p)) (i32.const 10))))))
      (br_if $schedule (i32.lt_u (local.tee $p (i32.add (local.get $p) (i32.const 4))) (i32.const 256))))
    (local.set $a (i32.load offset=512 (i32.const 0)))
    (local.set $b (i32.load offset=516 (i32.const 0)))
    (local.set $c (i32.load offset=520 (i32.const 0)))
    (local.set $d (i32.load offset=524 (i32.const 0)))
    (local.set $e (i32.load offset=528 (i32.const 0)))
    (local.set $f (i32.load offset=532 (i32.const 0)))
    (local.set $g (i32.load offset=536 (i32.const 0)))
    (local.set $h (i32.load offset=540 (i32.const 0)))
    (local.set $p (i32.const 0))
    (loop $round
      (local.set $t (i32.add (i32.add (local.get $h) (i32.xor (i32.xor (i32.rotr (local.get $e) (i32.const 6)) (i32.rotr (local.get $e) (i32.const 11))) (i32.rotr (local.get $e) (i32.const 25))))
        (i32.add (i32.xor (local.get $g) (i32.and (local.get $e) (i32.xor (local.get $f) (local.get $g))))
          (i32.add (i32.load offset=1024 (local.get $p)) (i32.load offset=2048 (local.get $p))))))
      (local.set $u (i32.add (i32.xor (i32.xor (i32.rotr (local.get $a) (i32.const 2)) (i32.rotr (local.get $a) (i32.const 13))) (i32.rotr (local.get $a) (i32.const 22)))
        (i32.xor (i32.and (local.get $a) (local.get $b)) (i32.and (local.get $c) (i32.xor (local.get $a) (local.get $b))))))
      (local.set $h (local.get $g))
      (local.set $g (local.get $f))
      (local.set $f (local.get $e))
      (local.set $e (i32.add (local.get $d) (local.get $t)))
      (local.set $d (local.get $c))
      (local.set $c (local.get $b))
      (local.set $b (local.get $a))
      (local.set $a (i32.add (local.get $t) (local.get $u)))
      (br_if $round (i32.lt_u (local.tee $p (i32.add (local.get $p) (i32.const 4))) (i32.const 256))))
    (i32.store offset=512 (i32.const 0) (i32.add (i32.load offset=512 (i32.const 0)) (local.get $a)))
    (i32.store offset=516 (i32.const 0) (i32.add (i32.load offset=516 (i32.const 0)) (local.get $b)))
    (i32.store offset=520 (i32.const 0) (i32.add (i32.load offset=520 (i32.const 0)) (local.get $c)))
    (i32.store offset=524 (i32.const 0) (i32.add (i32.load offset=524 (i32.const 0)) (local.get $d)))
    (i32.store offset=528 (i32.const 0) (i32.add (i32.load offset=528 (i32.const 0)) (local.get $e)))
    (i32.store offset=532 (i32.const 0) (i32.add (i32.load offset=532 (i32.const 0)) (local.get $f)))
    (i32.store offset=536 (i32.const 0) (i32.add (i32.load offset=536 (i32.const 0)) (local.get $g)))
    (i32.store offset=540 (i32.const 0) (i32.add (i32.load offset=540 (i32.const 0)) (local.get $h)))))
