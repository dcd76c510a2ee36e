use toolschema::{Target, targets, template};
fn defs() -> Vec<tools::Definition> { let d = <tools::ReportTools as tools::Target>::definitions();
 (0..1000).map(|i| { let mut x = d[i%2].clone(); x.name = Box::leak(format!("tool_{i}").into_boxed_str()); x }).collect() }
#[test] fn p() { let t=std::time::Instant::now(); let l = targets::lower_all(&[Target{name:"T",definitions:defs}], true);
 match l { Ok(l) => { let s = template::up_to_date("# toolschema:begin T\n# toolschema:end T\n", &l).unwrap(); println!("{} bytes {:?}", s.len(), t.elapsed()); let t=std::time::Instant::now(); println!("{} {:?}", template::diff("x", "# toolschema:begin T\n# toolschema:end T\n", &s).len(), t.elapsed()); } Err(f) => println!("{} {:?} {:?}", f.len(), f[0], t.elapsed()) } }
