package ent_test

import (
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"entgo.io/ent/dialect"
	"entgo.io/ent/dialect/sql"

	"github.com/seed-34fcb60d/rounds/ent"
	"github.com/seed-34fcb60d/rounds/ent/db"
	"github.com/seed-34fcb60d/rounds/ent/db/staff"
	"github.com/seed-34fcb60d/rounds/ent/dbtest"
	"github.com/seed-34fcb60d/rounds/ent/schema/typeid"
)

// entTypes are the names of all types of records.
func entTypes() []string {
	var names []string
	client := reflect.TypeOf(db.Client{})
	for i := range client.NumField() {
		if f := client.Field(i); f.IsExported() && strings.HasSuffix(f.Type.String(), "Client") {
			names = append(names, f.Name)
		}
	}
	return names
}

// rows is the condition on the rows of a type that a viewer may read; "" for none.
func rows(v ent.Viewer, entType, d string) string {
	t := sql.Dialect(d).Table("t")
	p := v.Rows(entType, t.C, d)
	if p == nil {
		return ""
	}
	query, _ := sql.Dialect(d).Select(t.C("id")).From(t).Where(p).Query()
	_, condition, _ := strings.Cut(query, " WHERE ")
	return condition
}

var everyRole = []staff.Role{
	staff.RoleSTAFF, staff.RoleTEAM_LEAD, staff.RoleDEPARTMENT_MANAGER, staff.RoleSITE_MANAGER, staff.RoleQUALITY_OFFICER,
	staff.RoleHUMAN_RESOURCES, staff.RoleEXECUTIVE, staff.RoleADMINISTRATOR, ent.Integrator,
}

// Nobody sees anything, of whatever type: one that is added later is hidden until
// somebody says who sees it. What the server keeps for itself no viewer sees.
func TestRowsAreHiddenUnlessSaid(t *testing.T) {
	own := []string{"AccessToken", "Counter", "EventHead", "IdempotencyRecord", "Rotation", "RotationPlace", "SealingKey"}
	types := entTypes()
	if len(types) < 15 || !slices.Contains(types, "ServiceCase") {
		t.Fatalf("the types are %q", types)
	}
	for _, d := range []string{dialect.SQLite, dialect.Postgres} {
		never := rows(ent.Viewer{}, "no such type", d)
		if !strings.EqualFold(never, "FALSE") {
			t.Fatalf("rows of an unknown type are seen by the condition %q", never)
		}
		for _, entType := range types {
			if got := rows(ent.Viewer{}, entType, d); got != never {
				t.Errorf("nobody sees rows of %s by the condition %q", entType, got)
			}
			if got := rows(ent.System, entType, d); got != "" {
				t.Errorf("the server sees rows of %s only by the condition %q", entType, got)
			}
			for _, role := range everyRole {
				v := ent.Viewer{Role: role, Staff: typeid.New[typeid.StaffID](), Site: typeid.New[typeid.SiteID](), Departments: []typeid.DepartmentID{typeid.New[typeid.DepartmentID]()}}
				if got := rows(v, entType, d); slices.Contains(own, entType) && got != never {
					t.Errorf("%s sees rows of %s by the condition %q", role, entType, got)
				}
				v.Scopes = []string{}
				if got := rows(v, entType, d); got != never {
					t.Errorf("%s with a token for nothing sees rows of %s by the condition %q", role, entType, got)
				}
			}
		}
	}
}

// A viewer whose place is not known sees nothing by it, rather than the rows that
// have no place either.
func TestMissingPlacesMatchNothing(t *testing.T) {
	d := dbtest.SQLite(t)
	ctx := ent.AsSystem(t.Context())
	err := ent.WithTx(ctx, d.Client, func(tx *db.Tx) error {
		return tx.Event.Create().SetKind("case.opened").SetSubjectKind("case").SetSubject("case_1").SetActor("system").SetAt(time.Unix(0, 0)).Exec(ctx)
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, role := range everyRole {
		v := ent.Viewer{Role: role, Scopes: []string{"cases:read"}}
		n, err := d.Event.Query().Count(ent.WithViewer(t.Context(), v))
		if err != nil {
			t.Fatal(err)
		}
		sees := slices.Contains([]staff.Role{staff.RoleQUALITY_OFFICER, staff.RoleEXECUTIVE, staff.RoleADMINISTRATOR, ent.Integrator}, role)
		if (n == 1) != sees {
			t.Errorf("%s without a place sees %d events without a place", role, n)
		}
	}
}

func TestMayWrite(t *testing.T) {
	for name, c := range map[string]struct {
		viewer ent.Viewer
		want   []ent.Area
	}{
		"nobody":                           {ent.Viewer{}, nil},
		"nobody with scopes":               {ent.Viewer{Scopes: ent.Scopes()}, nil},
		"the server":                       {ent.System, ent.Areas},
		"a role without a limit":           {ent.Viewer{Role: staff.RoleSTAFF}, ent.Areas},
		"a token for reading":              {ent.Viewer{Role: staff.RoleEXECUTIVE, Scopes: []string{"cases:read", "customers:read"}}, nil},
		"a token for writing cases":        {ent.Viewer{Role: ent.Integrator, Scopes: []string{"cases:write", "customers:read"}}, []ent.Area{ent.Cases}},
		"a token for nothing":              {ent.Viewer{Role: staff.RoleADMINISTRATOR, Scopes: []string{}}, nil},
		"a token for what does not exist ": {ent.Viewer{Role: ent.Integrator, Scopes: []string{"cases", "write", "*:write", "cases:WRITE"}}, nil},
	} {
		for _, area := range ent.Areas {
			if got := c.viewer.MayWrite(area); got != slices.Contains(c.want, area) {
				t.Errorf("%s may write %s: %t", name, area, got)
			}
		}
	}
}
