//! The part of JSON Schema that `docs/report.schema.json` uses, checked without a library.

use serde_json::Value;

/// Where `value` breaks `schema`, as paths with the reason. Panics on a keyword that is not known here, so that
/// the schema cannot promise what nobody checks.
pub fn violations(schema: &Value, value: &Value) -> Vec<String> {
    let mut found = Vec::new();
    check(schema, schema, value, "", &mut found);
    found
}

fn check(root: &Value, schema: &Value, value: &Value, at: &str, found: &mut Vec<String>) {
    for (keyword, rule) in schema.as_object().expect("a schema is an object") {
        match keyword.as_str() {
            "$schema" | "$id" | "$defs" | "title" | "description" | "required" | "additionalProperties" => {}
            "$ref" => {
                let pointer = rule.as_str().expect("a reference").trim_start_matches('#');
                check(root, root.pointer(pointer).expect("the reference leads somewhere"), value, at, found);
            }
            "type" => check_type(rule, value, at, found),
            "const" if rule != value => found.push(format!("{at}: is not {rule}")),
            "const" => {}
            "enum" if !rule.as_array().expect("values").contains(value) => {
                found.push(format!("{at}: {value} is not among the values"))
            }
            "enum" => {}
            "pattern" => {
                assert_eq!(rule, "^[0-9a-f]{64}$", "the one pattern known here");
                let fits = value
                    .as_str()
                    .is_some_and(|text| text.len() == 64 && text.bytes().all(|b| b.is_ascii_hexdigit()));
                if !fits {
                    found.push(format!("{at}: is no digest"));
                }
            }
            "minimum" if value.as_f64().is_some_and(|value| value < rule.as_f64().expect("a number")) => {
                found.push(format!("{at}: too small"))
            }
            "maximum" if value.as_f64().is_some_and(|value| value > rule.as_f64().expect("a number")) => {
                found.push(format!("{at}: too large"))
            }
            "minimum" | "maximum" => {}
            "minItems" | "maxItems" => check_length(keyword, rule, value, at, found),
            "items" => {
                for (index, value) in value.as_array().into_iter().flatten().enumerate() {
                    check(root, rule, value, &format!("{at}/{index}"), found);
                }
            }
            "anyOf" => {
                let fits = rule.as_array().expect("schemas").iter().any(|schema| {
                    let mut inner = Vec::new();
                    check(root, schema, value, at, &mut inner);
                    inner.is_empty()
                });
                if !fits {
                    found.push(format!("{at}: fits none of the alternatives"));
                }
            }
            "properties" => {}
            other => panic!("`{other}` is not known to the checker"),
        }
    }
    check_properties(root, schema, value, at, found);
}

fn check_type(rule: &Value, value: &Value, at: &str, found: &mut Vec<String>) {
    let names: Vec<&str> = match rule {
        Value::Array(names) => names.iter().filter_map(Value::as_str).collect(),
        name => name.as_str().into_iter().collect(),
    };
    let fits = names.iter().any(|name| match *name {
        "null" => value.is_null(),
        "boolean" => value.is_boolean(),
        "integer" => value.is_u64() || value.is_i64(),
        "number" => value.is_number(),
        "string" => value.is_string(),
        "array" => value.is_array(),
        "object" => value.is_object(),
        other => panic!("`{other}` is no type"),
    });
    if !fits {
        found.push(format!("{at}: is not {rule}"));
    }
}

fn check_length(keyword: &str, rule: &Value, value: &Value, at: &str, found: &mut Vec<String>) {
    let Some(length) = value.as_array().map(|values| values.len() as u64) else { return };
    let bound = rule.as_u64().expect("a count");
    if (keyword == "minItems" && length < bound) || (keyword == "maxItems" && length > bound) {
        found.push(format!("{at}: has {length} entries"));
    }
}

fn check_properties(root: &Value, schema: &Value, value: &Value, at: &str, found: &mut Vec<String>) {
    let Some(fields) = value.as_object() else { return };
    let known = schema.get("properties").and_then(Value::as_object);
    for name in
        schema.get("required").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str)
    {
        if !fields.contains_key(name) {
            found.push(format!("{at}: `{name}` is missing"));
        }
    }
    for (name, value) in fields {
        let at = format!("{at}/{name}");
        match (known.and_then(|known| known.get(name)), schema.get("additionalProperties")) {
            (Some(rule), _) => check(root, rule, value, &at, found),
            (None, Some(Value::Bool(false))) => found.push(format!("{at}: is not in the schema")),
            (None, Some(rule @ Value::Object(_))) => check(root, rule, value, &at, found),
            (None, _) => {}
        }
    }
}
