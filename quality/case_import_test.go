package quality_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/seed-34fcb60d/rounds/ent"
	"github.com/seed-34fcb60d/rounds/ent/db"
	"github.com/seed-34fcb60d/rounds/ent/db/event"
	"github.com/seed-34fcb60d/rounds/ent/db/servicecase"
	"github.com/seed-34fcb60d/rounds/ent/dbtest"
	"github.com/seed-34fcb60d/rounds/quality"
)

// hour is the time so many hours after a case was opened elsewhere.
func hour(n int) *time.Time {
	at := morning.Add(-1000*time.Hour + time.Duration(n)*time.Hour)
	return &at
}

// elsewhere is a case that has got to a station in another system.
func elsewhere(id string, status servicecase.Status) quality.ImportCase {
	c := quality.ImportCase{
		ExternalID: id, Kind: servicecase.KindCOMPLAINT, Channel: servicecase.ChannelLETTER, Severity: servicecase.SeverityMAJOR,
		Subject: "Noise", OpenedAt: *hour(0), Status: status,
	}
	stations := []servicecase.Status{servicecase.StatusOPEN, servicecase.StatusDISPATCHED, servicecase.StatusACCEPTED, servicecase.StatusRESOLVED, servicecase.StatusCLOSED}
	reached := slices.Index(stations, status)
	if reached >= 1 {
		c.Department, c.DispatchedAt = &quality.ImportDepartment{Code: "desk", Name: "unused"}, hour(1)
	}
	if reached >= 2 {
		c.AcceptedAt = hour(2)
	}
	if reached >= 3 {
		c.ResolvedAt, c.Resolution, c.Substantiated = hour(3), new("We spoke to the band."), new(true)
	}
	if reached >= 4 {
		c.ClosedAt, c.Closure, c.ClosureReason = hour(4), new(servicecase.ClosureCUSTOMER_AGREED), new("The guest agreed.")
	}
	return c
}

// imports imports cases to the hotel and says what became of each.
func (c *company) imports(t testing.TB, cases ...quality.ImportCase) []string {
	t.Helper()
	out, err := c.ImportCases(ent.AsSystem(t.Context()), quality.ImportCases{Site: quality.ImportSite{Code: "hotel"}, Cases: cases})
	if err != nil {
		t.Fatal(err)
	}
	var said []string
	for _, one := range out.Cases {
		if one.Rejection == nil {
			said = append(said, "")
			continue
		}
		said = append(said, one.Rejection.Error())
	}
	return said
}

// A case keeps its station and its times.
func TestImportCaseAtEachStation(t *testing.T) {
	each(t, func(t *testing.T, c *company) {
		for status, want := range map[servicecase.Status][]*time.Time{
			servicecase.StatusOPEN:       {nil, nil, nil, nil},
			servicecase.StatusDISPATCHED: {hour(1), nil, nil, nil},
			servicecase.StatusACCEPTED:   {hour(1), hour(2), nil, nil},
			servicecase.StatusRESOLVED:   {hour(1), hour(2), hour(3), nil},
			servicecase.StatusCLOSED:     {hour(1), hour(2), hour(3), hour(4)},
		} {
			if said := c.imports(t, elsewhere(string(status), status)); said[0] != "" {
				t.Fatalf("%s: %s", status, said[0])
			}
			got, err := c.db.ServiceCase.Query().Where(servicecase.ExternalID(string(status))).Only(ent.AsSystem(t.Context()))
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(want, []*time.Time{got.DispatchedAt, got.AcceptedAt, got.ResolvedAt, got.ClosedAt}); diff != "" {
				t.Errorf("%s: %s", status, diff)
			}
			if got.Status != status || got.Open == (status == servicecase.StatusCLOSED) || !got.OpenedAt.Equal(*hour(0)) || !got.DueAt.Equal(*hour(24)) ||
				got.SiteID != c.sites["hotel"].ID || (got.DepartmentID == c.departments["desk"].ID) == (status == servicecase.StatusOPEN) {
				t.Errorf("%s: got %v", status, got)
			}
			if !got.AssigneeID.IsZero() || !got.ReceivedByID.IsZero() {
				t.Errorf("%s: somebody answers for it: %v", status, got)
			}
			logged, err := c.db.Event.Query().Where(event.Subject(got.ID.String())).Only(ent.AsSystem(t.Context()))
			if err != nil || logged.Kind != "case.imported" || logged.SiteID != got.SiteID || logged.DepartmentID != got.DepartmentID || !logged.At.Equal(morning) {
				t.Errorf("%s: event %v, %v", status, logged, err)
			}
		}
	})
}

// The rules of the course hold for what comes from elsewhere.
func TestImportCaseRefusals(t *testing.T) {
	c := newCompany(t, dbtest.SQLite(t)) // these rules know no database
	for name, tt := range map[string]struct {
		status servicecase.Status
		change func(*quality.ImportCase)
		want   string
	}{
		"no external id":           {servicecase.StatusOPEN, func(c *quality.ImportCase) { c.ExternalID = " " }, "REQUIRED externalId"},
		"no subject":               {servicecase.StatusOPEN, func(c *quality.ImportCase) { c.Subject = " " }, "REQUIRED subject"},
		"opened in the future":     {servicecase.StatusOPEN, func(c *quality.ImportCase) { c.OpenedAt = morning.Add(time.Minute) }, "INVALID openedAt"},
		"due before it was opened": {servicecase.StatusOPEN, func(c *quality.ImportCase) { c.DueAt = hour(-1) }, "INVALID dueAt"},
		"unknown status":           {servicecase.StatusCLOSED, func(c *quality.ImportCase) { c.Status = "LOST" }, "INVALID status"},
		"open with a department":   {servicecase.StatusOPEN, func(c *quality.ImportCase) { c.Department = &quality.ImportDepartment{Code: "desk", Name: "Desk"} }, "INVALID dispatchedAt"},
		"open but dispatched":      {servicecase.StatusOPEN, func(c *quality.ImportCase) { c.DispatchedAt = hour(1) }, "INVALID dispatchedAt"},
		"open but closed":          {servicecase.StatusOPEN, func(c *quality.ImportCase) { c.ClosedAt = hour(1) }, "INVALID closedAt"},
		"dispatched to nobody":     {servicecase.StatusDISPATCHED, func(c *quality.ImportCase) { c.Department = nil }, "REQUIRED department"},
		"department with a slash":  {servicecase.StatusDISPATCHED, func(c *quality.ImportCase) { c.Department.Code = "a/b" }, "INVALID department.code"},
		"department without name":  {servicecase.StatusDISPATCHED, func(c *quality.ImportCase) { c.Department.Name = "" }, "REQUIRED department.name"},
		"accepted but resolved":    {servicecase.StatusACCEPTED, func(c *quality.ImportCase) { c.Resolution = new("Done.") }, "INVALID resolvedAt"},
		"accepted before dispatch": {servicecase.StatusACCEPTED, func(c *quality.ImportCase) { c.AcceptedAt = hour(0) }, "INVALID acceptedAt"},
		"resolved without words":   {servicecase.StatusRESOLVED, func(c *quality.ImportCase) { c.Resolution = nil }, "REQUIRED resolution"},
		"resolved at no time":      {servicecase.StatusRESOLVED, func(c *quality.ImportCase) { c.ResolvedAt = nil }, "REQUIRED resolvedAt"},
		"resolved but closed":      {servicecase.StatusRESOLVED, func(c *quality.ImportCase) { c.Closure = new(servicecase.ClosureCUSTOMER_AGREED) }, "INVALID closedAt"},
		"closed on nobody's word":  {servicecase.StatusCLOSED, func(c *quality.ImportCase) { c.Closure = nil }, "REQUIRED closure"},
		"closed without reason":    {servicecase.StatusCLOSED, func(c *quality.ImportCase) { c.ClosureReason = new(" ") }, "REQUIRED closureReason"},
		"closed at no time":        {servicecase.StatusCLOSED, func(c *quality.ImportCase) { c.ClosedAt = nil }, "REQUIRED closedAt"},
		"closed before resolved":   {servicecase.StatusCLOSED, func(c *quality.ImportCase) { c.ClosedAt = hour(2) }, "INVALID closedAt"},
		"closed in the future":     {servicecase.StatusCLOSED, func(c *quality.ImportCase) { c.ClosedAt = hour(2000) }, "INVALID closedAt"},
		"progress without words":   {servicecase.StatusACCEPTED, func(c *quality.ImportCase) { c.Progress = &quality.ImportProgress{At: *hour(2)} }, "REQUIRED progress.text"},
		"progress too early":       {servicecase.StatusACCEPTED, func(c *quality.ImportCase) { c.Progress = &quality.ImportProgress{Text: "Begun.", At: *hour(-1)} }, "INVALID progress.at"},
		"several at once":          {servicecase.StatusCLOSED, func(c *quality.ImportCase) { c.Subject, c.Resolution, c.Closure = "", nil, nil }, "REQUIRED subject; REQUIRED resolution; REQUIRED closure"},

		"as it should be":                     {servicecase.StatusCLOSED, func(*quality.ImportCase) {}, ""},
		"dispatch and acceptance are unknown": {servicecase.StatusCLOSED, func(c *quality.ImportCase) { c.DispatchedAt, c.AcceptedAt = nil, nil }, ""},
		"resolved when closed":                {servicecase.StatusCLOSED, func(c *quality.ImportCase) { c.ResolvedAt = nil }, ""},
		"all at one time": {servicecase.StatusCLOSED, func(c *quality.ImportCase) {
			c.DispatchedAt, c.AcceptedAt, c.ResolvedAt, c.ClosedAt = hour(0), hour(0), hour(0), hour(0)
		}, ""},
		"not known whether justified": {servicecase.StatusRESOLVED, func(c *quality.ImportCase) { c.Substantiated = nil }, ""},
	} {
		t.Run(name, func(t *testing.T) {
			before := elsewhere("before "+name, servicecase.StatusCLOSED)
			one := elsewhere(name, tt.status)
			tt.change(&one)
			after := elsewhere("after "+name, servicecase.StatusOPEN)
			out, err := c.ImportCases(ent.AsSystem(t.Context()), quality.ImportCases{Site: quality.ImportSite{Code: "hotel"}, Cases: []quality.ImportCase{before, one, after}})
			if err != nil {
				t.Fatal(err)
			}
			expect(t, name, out.Cases[1].Rejection, tt.want)
			if out.Cases[0].Rejection != nil || out.Cases[2].Rejection != nil {
				t.Errorf("its neighbours were refused: %+v", out.Cases)
			}
		})
	}
}

// The external id is what a case is known by.
func TestImportCaseTwice(t *testing.T) {
	each(t, func(t *testing.T, c *company) {
		const known = "DUPLICATE externalId: There is a case with this external id already."
		a, b := elsewhere("A", servicecase.StatusOPEN), elsewhere("B", servicecase.StatusCLOSED)
		if diff := cmp.Diff([]string{"", "", known}, c.imports(t, a, b, a)); diff != "" {
			t.Error(diff)
		}
		a.Subject = "" // what is there already is not looked at
		if diff := cmp.Diff([]string{known, ""}, c.imports(t, a, elsewhere("C", servicecase.StatusOPEN))); diff != "" {
			t.Error(diff)
		}
		if n, err := c.db.ServiceCase.Query().Count(ent.AsSystem(t.Context())); n != 3 || err != nil {
			t.Errorf("%d cases, %v", n, err)
		}
	})
}

// Only a token that is good for all that an import makes may import, and only where
// the site is the viewer's to see.
func TestWhoMayImportCases(t *testing.T) {
	c := newCompany(t, dbtest.SQLite(t))
	hotel := c.sites["hotel"].ID
	for name, token := range map[string]quality.IssueToken{
		"reader":                {Scopes: []string{"cases:read", "organisation:write"}},
		"for no organisation":   {Scopes: []string{"cases:write"}},
		"for no customers":      {Scopes: []string{"cases:write", "organisation:write"}},
		"of the hotel":          {Scopes: ent.Scopes(), Site: &hotel},
		"of all":                {Scopes: ent.Scopes()},
		"of nobody but for all": {Scopes: []string{"cases:write", "organisation:write", "customers:write"}},
	} {
		token.Name = name
		c.signIn(t, name, token)
	}
	withCustomer := func(id string) quality.ImportCase {
		one := elsewhere(id, servicecase.StatusOPEN)
		one.Customer = &quality.ImportCustomer{Kind: "PERSON", Name: "Wang"}
		return one
	}
	for _, tt := range []struct {
		name, site string
		one        quality.ImportCase
		want       string
	}{
		{"reader", "hotel", elsewhere("1", servicecase.StatusOPEN), "FORBIDDEN"},
		{"for no organisation", "hotel", elsewhere("1", servicecase.StatusOPEN), "FORBIDDEN"},
		{"for no customers", "hotel", withCustomer("1"), "FORBIDDEN"},
		{"for no customers", "hotel", elsewhere("1", servicecase.StatusOPEN), ""},
		{"of the hotel", "hotel", withCustomer("2"), ""},
		{"of the hotel", "mall", withCustomer("3"), "NOT_FOUND site.code"},
		{"of all", "mall", withCustomer("4"), ""},
		{"of nobody but for all", "nowhere", withCustomer("5"), "NOT_FOUND site.code"},
	} {
		_, err := c.ImportCases(c.as(t, tt.name), quality.ImportCases{Site: quality.ImportSite{Code: tt.site}, Cases: []quality.ImportCase{tt.one}})
		expect(t, tt.name+" at "+tt.site, err, tt.want)
	}
	_, err := c.ImportCases(t.Context(), quality.ImportCases{})
	expect(t, "nobody", err, "FORBIDDEN")
}

// A rejected customer keeps only its own case from being imported, and what was
// said of it names no contact data.
func TestImportCaseWithABadCustomer(t *testing.T) {
	each(t, func(t *testing.T, c *company) {
		good, bad := elsewhere("good", servicecase.StatusOPEN), elsewhere("bad", servicecase.StatusOPEN)
		good.Customer = &quality.ImportCustomer{Kind: "PERSON", Name: "Wang", Phone: new("13800138000")}
		bad.Customer = &quality.ImportCustomer{Kind: "PERSON", Name: "", Phone: new("call me"), Email: new("nowhere")}
		said := c.imports(t, bad, good)
		if said[1] != "" || !strings.Contains(said[0], "REQUIRED customer.name") || !strings.Contains(said[0], "INVALID customer.phone") ||
			!strings.Contains(said[0], "INVALID customer.email") || strings.Contains(said[0], "call") || strings.Contains(said[0], "nowhere") {
			t.Errorf("said %q", said)
		}
		customers, err := c.db.Customer.Query().All(ent.AsSystem(t.Context()))
		if err != nil || len(customers) != 1 || customers[0].SiteID != c.sites["hotel"].ID {
			t.Errorf("customers %v, %v", customers, err)
		}
		if _, err := c.db.ServiceCase.Query().Where(servicecase.ExternalID("bad")).Only(ent.AsSystem(t.Context())); !db.IsNotFound(err) {
			t.Errorf("the bad case: %v", err)
		}
	})
}

// Of several customers with the same contact data a case is of the one who was
// registered first, whether that was in this import or before it.
func TestImportCaseFindsTheFirstCustomer(t *testing.T) {
	each(t, func(t *testing.T, c *company) {
		of := func(id string, who quality.ImportCustomer) quality.ImportCase {
			one := elsewhere(id, servicecase.StatusOPEN)
			who.Kind = "PERSON"
			one.Customer = &who
			return one
		}
		phone, mail := new("13800138000"), new("wang@example.com")
		for round, said := range [][]string{
			c.imports(t,
				of("1", quality.ImportCustomer{Name: "First", Phone: phone, ExternalID: new(" K1 ")}),
				of("2", quality.ImportCustomer{Name: "Second", Phone: phone, Email: mail, ExternalID: new("K2")}),
				of("3", quality.ImportCustomer{Name: "Nobody", Phone: new("+86 138 0013 8000"), Email: mail, ExternalID: new(" ")}),
				of("4", quality.ImportCustomer{Name: "Nobody", Email: mail})),
			c.imports(t,
				of("5", quality.ImportCustomer{Name: "Third", Phone: phone, Email: mail, ExternalID: new("K3")}),
				of("6", quality.ImportCustomer{Name: "Nobody", Phone: phone}),
				of("7", quality.ImportCustomer{Name: "Nobody", Phone: new("13900139000"), Email: mail}),
				of("8", quality.ImportCustomer{Name: "Nobody", ExternalID: new("K3")})),
		} {
			for i, one := range said {
				if one != "" {
					t.Errorf("import %d, case %d: %s", round+1, i+1, one)
				}
			}
		}
		cases, err := c.db.ServiceCase.Query().WithCustomer().All(ent.AsSystem(t.Context()))
		if err != nil {
			t.Fatal(err)
		}
		got := map[string]string{}
		for _, one := range cases {
			got[*one.ExternalID] = one.Edges.Customer.Name
		}
		want := map[string]string{"1": "First", "2": "Second", "3": "First", "4": "Second", "5": "Third", "6": "First", "7": "Second", "8": "Third"}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Error(diff)
		}
	})
}

// An external id that cannot be stored keeps the case out. One that a customer of
// another site has, whom the viewer does not see, does not.
func TestImportCaseWithAnotherCustomersID(t *testing.T) {
	each(t, func(t *testing.T, c *company) {
		with := func(id, external string) quality.ImportCase {
			one := elsewhere(id, servicecase.StatusOPEN)
			one.Customer = &quality.ImportCustomer{Kind: "PERSON", Name: "Wang", ExternalID: &external}
			return one
		}
		hotel := c.sites["hotel"].ID
		c.signIn(t, "hotel", quality.IssueToken{Name: "hotel", Scopes: ent.Scopes(), Site: &hotel})
		if _, err := c.ImportCases(ent.AsSystem(t.Context()), quality.ImportCases{Site: quality.ImportSite{Code: "mall"}, Cases: []quality.ImportCase{with("mall", "K1")}}); err != nil {
			t.Fatal(err)
		}
		out, err := c.ImportCases(c.as(t, "hotel"), quality.ImportCases{Site: quality.ImportSite{Code: "hotel"},
			Cases: []quality.ImportCase{with("taken", "K1"), with("long", strings.Repeat("x", 201)), with("free", "K2"), with("again", "K2")}})
		if err != nil {
			t.Fatal(err)
		}
		for i, want := range []string{"", "TOO_LONG customer.externalId", "", ""} {
			expect(t, fmt.Sprint("case ", i), out.Cases[i].Rejection, want)
		}
		if out.Customers != 2 {
			t.Errorf("%d customers were made, want 2", out.Customers)
		}
	})
}

// The numbers and the events of cases that come together have the order in which the
// cases were opened.
func TestImportedCasesAreInTheOrderOfTime(t *testing.T) {
	each(t, func(t *testing.T, c *company) {
		var cases []quality.ImportCase
		for _, hours := range []int{3, 1, 2, 0} {
			one := elsewhere(hour(hours).Format("15"), servicecase.StatusOPEN)
			one.OpenedAt = *hour(hours)
			cases = append(cases, one)
		}
		c.imports(t, cases...)
		subjects, err := c.db.Event.Query().Where(event.Kind(quality.EventCaseImported)).Order(db.Asc(event.FieldID)).Select(event.FieldSubject).Strings(ent.AsSystem(t.Context()))
		if err != nil {
			t.Fatal(err)
		}
		byNumber, err := c.db.ServiceCase.Query().Order(db.Asc(servicecase.FieldNumber)).All(ent.AsSystem(t.Context()))
		if err != nil || len(byNumber) != 4 || len(subjects) != 4 {
			t.Fatalf("%d cases, %d events, %v", len(byNumber), len(subjects), err)
		}
		for i, one := range byNumber {
			if !one.OpenedAt.Equal(*hour(i)) || subjects[i] != one.ID.String() {
				t.Errorf("%s: opened at %v with the event of %s", one.Number, one.OpenedAt, subjects[i])
			}
		}
	})
}
