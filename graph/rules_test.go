package graph_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seed-34fcb60d/rounds/ent"
	"github.com/seed-34fcb60d/rounds/ent/dbtest"
	"github.com/seed-34fcb60d/rounds/ent/schema/typeid"
)

// with is an input with one more value.
func with(input map[string]any, name string, value any) map[string]any {
	input = maps.Clone(input)
	input[name] = value
	return input
}

// codesOf are the codes of a payload's errors, each with its path.
func codesOf(payload any) []string {
	out := []string{}
	for _, e := range list(payload, "errors") {
		path := []string{}
		for _, step := range list(e, "path") {
			path = append(path, step.(string))
		}
		out = append(out, at(e, "code").(string)+" "+strings.Join(path, "."))
	}
	return out
}

func (c *company) count(t *testing.T) (events, cases int) {
	t.Helper()
	ctx := ent.AsSystem(t.Context())
	return c.db.Event.Query().CountX(ctx), c.db.ServiceCase.Query().CountX(ctx)
}

// Each change with a key happens once: asked again it gives the same answer, with
// another input it is refused, and the keys of two callers do not meet.
func TestIdempotency(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *ent.Database) {
		w := &walk{company: newCompany(t, d)}
		for name, change := range changes {
			t.Run(name, func(t *testing.T) {
				defer w.restore(t, name)
				input := with(w.resolve(change.input), "idempotencyKey", "for "+name)
				_, first := w.change(t, change.by[0], name, input)
				if len(list(first, "errors")) > 0 || first["cursor"] == nil {
					t.Fatalf("answered %v", first)
				}
				events, cases := w.count(t)
				_, again := w.change(t, change.by[0], name, input)
				if diff := cmp.Diff(first, again); diff != "" {
					t.Errorf("asked again (-first +again):\n%s", diff)
				}
				changed := with(input, "expectedRevision", 77)
				if items, several := input["items"].([]any); several {
					changed = with(input, "items", []any{with(items[0].(map[string]any), "expectedRevision", 77)})
				}
				for _, f := range []string{"text", "subject", "name", "nameEn", "checklist", "scheme", "note", "title", "reason", "what"} {
					if _, has := input[f]; has {
						changed = with(input, f, "Something else")
					}
				}
				for f, value := range map[string]any{"days": []any{"2026-12-24"}, "heldOn": "2026-11-02", "withShiftId": nil, "calendarId": nil, "deadlineId": "nonsense", "until": "2026-12-03T09:00:00Z", "evenIfOpen": true} {
					if _, has := input[f]; has && name != "calendarUpdate" { // whose days are no dates alone
						changed = with(input, f, value)
					}
				}
				if plan, is := input["plan"].(map[string]any); is {
					changed = with(input, "plan", with(plan, "activityEn", "Something else"))
				}
				_, other := w.change(t, change.by[0], name, changed)
				if diff := cmp.Diff([]string{"IDEMPOTENCY_KEY_REUSED input.idempotencyKey"}, codesOf(other)); diff != "" || other["cursor"] != nil {
					t.Errorf("with another input: %v", other)
				}
				if e, k := w.count(t); e != events || k != cases {
					t.Errorf("asking again made %d events and %d cases", e-events, k-cases)
				}
				if name == "customerRegister" || name == "caseOpen" || name == "caseAddEntry" {
					_, theirs := w.change(t, change.by[len(change.by)-1], name, input)
					if len(list(theirs, "errors")) > 0 || theirs["cursor"] == first["cursor"] {
						t.Errorf("the same key of another caller: %v", theirs)
					}
				}
				// A mutation of another name cannot answer with this one's record.
				other = at(w.do(t, w.tokens[change.by[0]], `mutation($id: ID!, $key: String) { m: caseAccept(input: {id: $id, expectedRevision: 1, idempotencyKey: $key}) { errors { code path } } }`,
					variables{"id": w.ids["case accepted"], "key": "for " + name}).Data, "m").(map[string]any)
				if got := codesOf(other); name != "caseAccept" && !slices.Equal(got, []string{"IDEMPOTENCY_KEY_REUSED input.idempotencyKey"}) && !slices.Equal(got, []string{"FORBIDDEN "}) {
					t.Errorf("another mutation with the same key: %v", other)
				}
			})
		}
	})
}

// Equal requests that come at once are one change with one event.
func TestIdempotencyAtOnce(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *ent.Database) {
		w := &walk{company: newCompany(t, d)}
		events, cases := w.count(t)
		input := with(w.resolve(changes["caseOpen"].input), "idempotencyKey", "once")
		answers := make([]map[string]any, 20)
		var running sync.WaitGroup
		for n := range answers {
			running.Go(func() { _, answers[n] = w.change(t, "clerk", "caseOpen", input) })
		}
		running.Wait()
		for n, got := range answers {
			if diff := cmp.Diff(answers[0], got); diff != "" {
				t.Errorf("answer %d (-first +this):\n%s", n, diff)
			}
		}
		if len(list(answers[0], "errors")) > 0 || answers[0]["cursor"] == nil {
			t.Errorf("answered %v", answers[0])
		}
		if e, k := w.count(t); e != events+1 || k != cases+1 {
			t.Errorf("20 equal requests made %d events and %d cases", e-events, k-cases)
		}
	})
}

// A change that is based on another revision than the record's is a conflict.
func TestStaleRevisions(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *ent.Database) {
		w := &walk{company: newCompany(t, d)}
		for name, change := range changes {
			if change.input["expectedRevision"] == nil {
				continue
			}
			for _, revision := range []int{0, 2, -1, 1<<31 - 1} {
				_, m := w.change(t, change.by[0], name, with(w.resolve(change.input), "expectedRevision", revision))
				if diff := cmp.Diff([]string{"CONFLICT input.expectedRevision"}, codesOf(m)); diff != "" || m["cursor"] != nil {
					t.Errorf("%s at revision %d: %v", name, revision, m)
				}
			}
		}
	})
}

// Texts come in the language that the caller asks for, English where it is none of
// the two.
func TestLanguages(t *testing.T) {
	c := newCompany(t, dbtest.SQLite(t))
	const query = `mutation($input: CaseAcceptInput!) { caseAccept(input: $input) { errors { message } } }`
	for accept, want := range map[string][3]string{
		"":                        {"There is no such record.", "Desk", "The argument first must be from 0 to 100."},
		"en":                      {"There is no such record.", "Desk", "The argument first must be from 0 to 100."},
		"de, fr;q=0.5":            {"There is no such record.", "Desk", "The argument first must be from 0 to 100."},
		"zh-CN":                   {"没有这条记录。", "前台", "参数 first"},
		"zh":                      {"没有这条记录。", "前台", "参数 first"},
		"en;q=0.2, zh-Hans;q=0.9": {"没有这条记录。", "前台", "参数 first"},
		"\xff;;q=x":               {"There is no such record.", "Desk", "The argument first must be from 0 to 100."},
	} {
		ask := func(query string, vars variables) answer {
			return c.do(t, asSystem, query, vars, "Accept-Language", accept)
		}
		if got := at(ask(query, variables{"input": variables{"id": "x", "expectedRevision": 1}}).Data, "caseAccept", "errors", 0, "message"); got != want[0] {
			t.Errorf("in %q a user is told %q, want %q", accept, got, want[0])
		}
		named := list(ask("{ plugins { nodes { name { text en zh } } } }", nil).Data, "plugins", "nodes")
		if diff := cmp.Diff(map[string]any{"text": want[1], "en": "Desk", "zh": "前台"}, at(named[0], "name")); diff != "" {
			t.Errorf("in %q (-want +got):\n%s", accept, diff)
		}
		if got := ask("{ cases(first: 101) { nodes { id } } }", nil).Errors[0].Message; !strings.HasPrefix(got, want[2]) {
			t.Errorf("in %q a refusal says %q", accept, got)
		}
	}
}

// What goes wrong on the server is told as that and no more. The log has the rest
// under the request's id.
func TestFaultsAreHidden(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *ent.Database) {
		w := &walk{company: newCompany(t, d)}
		w.must(t, w.tokens["clerk"], "{ viewer { role } }", nil) // so that the clerk is known
		if err := d.Close(); err != nil {
			t.Fatal(err)
		}
		for name, ask := range map[string]func() answer{
			"a list": func() answer { return w.do(t, asSystem, "{ cases { nodes { id } } }", nil, "X-Request-Id", "r1") },
			"a record": func() answer {
				return w.do(t, asSystem, `{ node(id: "`+w.ids["case open"]+`") { id } }`, nil, "X-Request-Id", "r1")
			},
			"a token": func() answer { return w.do(t, w.tokens["lead"], "{ viewer { role } }", nil, "X-Request-Id", "r1") },
			"a mutation": func() answer {
				return w.do(t, w.tokens["clerk"], `mutation { caseOpen(input: {kind: REPAIR, channel: CHAT, subject: "x"}) { cursor } }`, nil, "X-Request-Id", "r1")
			},
		} {
			out := ask()
			if len(out.Errors) != 1 || len(out.Data) > 1 {
				t.Fatalf("%s: %+v", name, out)
			}
			e := out.Errors[0]
			if diff := cmp.Diff(map[string]any{"code": "INTERNAL", "requestId": "r1"}, e.Extensions); diff != "" {
				t.Errorf("%s (-want +got):\n%s", name, diff)
			}
			if e.Message != "Something went wrong on the server. Its log has the details under this request's id." {
				t.Errorf("%s tells %q", name, e.Message)
			}
		}
		if logged := w.logged.String(); !strings.Contains(logged, `"request":"r1"`) || !strings.Contains(logged, "closed") {
			t.Errorf("the log tells %s", logged)
		}
	})
}

// corrupt spoils the stored form of a record.
func (c *company) corrupt(t *testing.T, table, column, value, name string) {
	t.Helper()
	var key any
	switch kindOf(name) {
	case "contact":
		key, _ = typeid.Parse[typeid.ContactPointID](c.ids[name])
	case "checklist":
		key = c.checklist
	case "inspection":
		key = c.inspections[strings.TrimPrefix(name, "inspection ")].ID
	}
	tx, err := c.db.Tx(c.ctx)
	if err != nil {
		t.Fatal(err)
	}
	if c.db.IsPostgres() && column != "sealed" {
		value += "::jsonb"
	}
	placeholder := "?"
	if c.db.IsPostgres() {
		placeholder = "$1"
	}
	if _, err := tx.ExecContext(c.ctx, fmt.Sprintf("UPDATE %s SET %s = %s WHERE id = %s", table, column, value, placeholder), key); err != nil {
		t.Fatal(err)
	}
	if err := tx.Commit(); err != nil {
		t.Fatal(err)
	}
}

// One record that cannot be read makes a null with an error at its path. The others
// show.
func TestBadDataIsANull(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *ent.Database) {
		c := newCompany(t, d)
		sealed := "x'0102'"
		if d.IsPostgres() {
			sealed = `'\x0102'`
		}
		for _, bad := range []struct{ name, shownBy, table, column, value, query, of string }{
			{"contact diner phone", "customer diner", "contact_points", "sealed", sealed, "{ l: customers { nodes { id phone name } } }", "phone"},
			{"checklist new", "checklist new", "checklist_versions", "definition", `'{"sections": 5}'`, "{ l: checklists(filter: {includeOld: true}) { nodes { id sections { code } } } }", ""},
			{"inspection desk", "inspection desk", "inspections", "judgement", `'"x"'`, "{ l: inspections { nodes { id judgement { arithmetic } } } }", "judgement"},
		} {
			whole := list(c.must(t, asSystem, bad.query, nil), "l", "nodes")
			c.corrupt(t, bad.table, bad.column, bad.value, bad.name)
			out := c.do(t, asSystem, bad.query, nil)
			if len(out.Errors) != 1 || out.Errors[0].code() != "INTERNAL" {
				t.Fatalf("%s: %+v", bad.name, out.Errors)
			}
			nodes := list(out.Data, "l", "nodes")
			if len(nodes) != len(whole) {
				t.Fatalf("%s: the list is %v", bad.name, nodes)
			}
			for n, node := range nodes {
				if at(whole[n], "id") != c.ids[bad.shownBy] {
					if diff := cmp.Diff(whole[n], node); diff != "" {
						t.Errorf("%s spoils another (-before +after):\n%s", bad.name, diff)
					}
					continue
				}
				want := []any{"l", "nodes", float64(n)}
				if bad.of == "" {
					want = append(want, "sections")
					if node != nil {
						t.Errorf("%s is %v", bad.name, node)
					}
				} else {
					want = append(want, bad.of)
					if at(node, "id") != c.ids[bad.shownBy] || at(node, bad.of) != nil {
						t.Errorf("%s is %v", bad.name, node)
					}
				}
				if diff := cmp.Diff(want, out.Errors[0].Path); diff != "" {
					t.Errorf("path (-want +got):\n%s", diff)
				}
			}
		}
	})
}
