package graph_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"entgo.io/ent/dialect/sql"

	"github.com/seed-34fcb60d/rounds/ent"
	"github.com/seed-34fcb60d/rounds/ent/db"
	"github.com/seed-34fcb60d/rounds/ent/db/chartalarm"
	"github.com/seed-34fcb60d/rounds/ent/db/chartbaseline"
	"github.com/seed-34fcb60d/rounds/ent/db/customer"
	"github.com/seed-34fcb60d/rounds/ent/db/measurement"
	"github.com/seed-34fcb60d/rounds/ent/db/servicecase"
	"github.com/seed-34fcb60d/rounds/ent/db/staff"
	"github.com/seed-34fcb60d/rounds/ent/schema/typeid"
)

// What a department manager may read is found by conditions on several columns.
// Counting the cases of a department reads them from its index, not from the cases;
// a page of customers asks of each customer by itself whether there is a case, and
// makes no list of all who have one. So does a page of cases for the tasks within them,
// where figures, which look at all cases, make one list of those with tasks.
func (c *company) managersPlans(t *testing.T, s *spy, shared map[string][]string) {
	department, _ := typeid.Parse[typeid.DepartmentID](shared["Department"][0])
	manager := ent.Viewer{Staff: typeid.New[typeid.StaffID](), Site: c.sites["hotel"], Role: staff.RoleDEPARTMENT_MANAGER,
		Departments: []typeid.DepartmentID{department, typeid.New[typeid.DepartmentID]()}}
	rows := func(entType string) func(*sql.Selector) {
		return func(q *sql.Selector) { q.Where(manager.Rows(entType, q.C, q.Dialect())) }
	}
	if c.db.IsPostgres() { // it reads an index alone only once it knows which rows are old enough for everybody to see
		ok(c.db.SQL().ExecContext(c.ctx, "VACUUM ANALYZE cases"))
	}
	client := db.NewClient(db.Driver(s))
	cases := client.ServiceCase.Query().Where(servicecase.DepartmentID(department), rows(db.TypeServiceCase))
	noted, stop := context.WithCancel(c.ctx)
	stop() // the statements are wanted, not their answers
	for what, p := range map[string]struct {
		read   func(context.Context) error
		sqlite string
		pg     string
		never  string
	}{
		"cases of a department": {
			func(ctx context.Context) error { _, err := cases.Clone().Count(ctx); return err },
			"COVERING INDEX servicecase_department_id_open", "Index Only Scan using servicecase_department_id_open", "Heap",
		},
		"open cases of a department": {
			func(ctx context.Context) error {
				_, err := cases.Clone().Where(servicecase.Open(true)).Count(ctx)
				return err
			},
			"COVERING INDEX servicecase_department_id_open_due_at_id_seen", "Index Only Scan using servicecase_department_id_open_due_at_id_seen", "Heap",
		},
		"a page of cases": {
			func(ctx context.Context) error {
				_, err := client.ServiceCase.Query().Where(rows(db.TypeServiceCase)).
					Order(db.Desc(servicecase.FieldOpenedAt, servicecase.FieldID)).Limit(26).All(ctx)
				return err
			},
			"helping USING COVERING INDEX casetask_case_id_due_at_id_seen", "(SubPlan 1) IS NOT NULL", "hashed",
		},
		"figures of cases": {
			func(ctx context.Context) error {
				_, err := client.ServiceCase.Query().Where(func(q *sql.Selector) { q.Where(manager.AllCases(q.C, q.Dialect())) }).Count(ctx)
				return err
			},
			"LIST SUBQUERY", "hashed SubPlan", "IS NOT NULL",
		},
		"the values of a chart": {
			func(ctx context.Context) error {
				_, err := client.Measurement.Query().Where(measurement.DepartmentID(department), measurement.Checklist("desk.reception"), measurement.Item("seconds"),
					measurement.AtGTE(clock.Add(-time.Hour)), measurement.AtLT(clock), rows(db.TypeMeasurement)).
					Order(measurement.ByAt(), measurement.ByID()).Limit(5001).All(ctx)
				return err
			},
			"INDEX measurement_department_id_checklist_item_at_id (department_id=? AND checklist=? AND item=? AND at>? AND at<?)",
			"measurement_department_id_checklist_item_at_id", "Seq Scan on measurements",
		},
		"the latest values of a chart": {
			func(ctx context.Context) error {
				_, err := client.Measurement.Query().Where(measurement.DepartmentID(department), measurement.Checklist("desk.reception"), measurement.Item("seconds")).
					Order(measurement.ByAt(sql.OrderDesc()), measurement.ByID(sql.OrderDesc())).Limit(60).All(ctx)
				return err
			},
			"INDEX measurement_department_id_checklist_item_at_id (department_id=? AND checklist=? AND item=?)",
			"Index Scan Backward using measurement_department_id_checklist_item_at_id", "Sort",
		},
		"the baselines of a chart": {
			func(ctx context.Context) error {
				_, err := client.ChartBaseline.Query().Where(chartbaseline.DepartmentID(department), chartbaseline.Checklist("desk.reception"), chartbaseline.Item("item-0"),
					chartbaseline.KindEQ(chartbaseline.KindINDIVIDUALS), chartbaseline.IntervalEQ(chartbaseline.IntervalNONE), rows(db.TypeChartBaseline)).
					Order(chartbaseline.ByFromAt(), chartbaseline.ByID()).All(ctx)
				return err
			},
			"INDEX chartbaseline_of (department_id=? AND checklist=? AND item=? AND kind=? AND interval=?)", "chartbaseline_of", "Seq Scan",
		},
		"the alarms of a chart": {
			func(ctx context.Context) error {
				_, err := client.ChartAlarm.Query().Where(chartalarm.DepartmentID(department), chartalarm.Checklist("desk.reception"), chartalarm.Item("item-0"),
					chartalarm.AtGTE(clock.Add(-time.Hour)), chartalarm.AtLTE(clock), rows(db.TypeChartAlarm)).Order(chartalarm.ByAt(), chartalarm.ByID()).All(ctx)
				return err
			},
			"INDEX chartalarm_department_id_checklist_item_at_id", "chartalarm_department_id_checklist_item_at_id", "Seq Scan",
		},
		"open alarms of a department": {
			func(ctx context.Context) error {
				_, err := client.ChartAlarm.Query().Where(chartalarm.DepartmentID(department), chartalarm.StatusEQ(chartalarm.StatusOPEN), rows(db.TypeChartAlarm)).
					Order(db.Desc(chartalarm.FieldAt, chartalarm.FieldID)).Limit(26).All(ctx)
				return err
			},
			"INDEX chartalarm_department_id_status_at_id (department_id=? AND status=?)", "chartalarm_department_id_status_at_id", "Seq Scan",
		},
		"the history of baselines": {
			func(ctx context.Context) error {
				_, err := client.ChartBaseline.Query().Order(db.Desc(chartbaseline.FieldSetAt, chartbaseline.FieldID)).Limit(26).All(ctx)
				return err
			},
			"INDEX chartbaseline_set_at_id", "Index Scan Backward using chartbaseline_set_at_id", "Sort",
		},
		"a page of customers": {
			func(ctx context.Context) error {
				_, err := client.Customer.Query().Where(rows(db.TypeCustomer)).
					Order(db.Desc(customer.FieldRegisteredAt, customer.FieldID)).Limit(26).All(ctx)
				return err
			},
			"seen USING COVERING INDEX servicecase_customer_id_opened_at_id_seen", "(SubPlan 1) IS NOT NULL", "hashed",
		},
	} {
		s.taken()
		if err := p.read(noted); !errors.Is(err, context.Canceled) {
			t.Fatal(err)
		}
		want := p.sqlite
		if c.db.IsPostgres() {
			want = p.pg
		}
		plan := c.plan(t, s.taken()[0])
		if !strings.Contains(plan, want) || strings.Contains(plan, p.never) {
			t.Errorf("%s: want %q:\n%s", what, want, plan)
		}
	}
}
