package quality_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/seed-34fcb60d/rounds/ent/db/inspection"
	"github.com/seed-34fcb60d/rounds/ent/schema/typeid"
	"github.com/seed-34fcb60d/rounds/quality"
)

// looked completes an inspection at a layer.
func (c *company) looked(t testing.TB, who string, layer inspection.Layer, observed string, failed ...string) {
	t.Helper()
	in := quality.StartInspection{Checklist: "frontdesk.reservations", DepartmentID: new(c.departments["desk"].ID), Layer: layer, Place: new("Lobby")}
	if observed != "" {
		in.ObservedID = c.staff(observed)
	}
	i := must(c.StartInspection(c.as(t, who), in))(t)
	c.plugins.answer(ringing(3, failed...))
	must(c.complete(c.as(t, who), i))(t)
	c.plugins.answer(nil)
}

func (c *company) compared(t testing.TB, who string) *quality.LayerAgreement {
	t.Helper()
	got, err := c.LayerAgreement(c.as(t, who), quality.LayerAgreementOf{SiteID: &c.sites["hotel"].ID, From: morning, To: morning.AddDate(1, 0, 0),
		Layers: []inspection.Layer{inspection.LayerSELF_CHECK, inspection.LayerSAMPLING}})
	if err != nil {
		t.Fatal(err)
	}
	return got
}

func TestLayersAreCompared(t *testing.T) {
	each(t, func(t *testing.T, c *company) {
		self, sampling := inspection.LayerSELF_CHECK, inspection.LayerSAMPLING
		c.looked(t, "lead", self, "agent", "polite")        // too far away: another one is nearer
		c.clock.advance(time.Hour)                          //
		c.looked(t, "lead", self, "agent")                  // compared with the first sampling
		c.looked(t, "lead", self, "colleague", "polite")    // compared with the second one
		c.looked(t, "manager", self, "")                    // compared with the third one, at the place
		c.looked(t, "lead", inspection.LayerPATROL, "lead") // another layer
		c.clock.advance(time.Hour)
		c.looked(t, "officer", sampling, "agent", "exact")
		c.looked(t, "officer", sampling, "colleague", "polite")
		c.looked(t, "officer", sampling, "")
		c.looked(t, "officer", sampling, "lead", "polite") // nobody else looked
		c.clock.advance(14 * time.Hour)                    // it is one o'clock of the next day in Shanghai
		c.looked(t, "officer", sampling, "agent", "polite")
		c.looked(t, "officer", sampling, "agent", "polite", "exact")

		got := c.compared(t, "officer")
		var lines []string
		for _, a := range append(got.Departments, got.Inspectors...) {
			who := map[typeid.StaffID]string{{}: "all", *c.staff("lead"): "lead", *c.staff("manager"): "manager"}[a.InspectorID]
			lines = append(lines, fmt.Sprintf("%s: %d items, observed %.3f, first %.3f, second %.3f, %s, %d of %d fail", who, a.Items, a.Observed, a.FirstRate, a.SecondRate, a.Meaning, a.WithFailures, a.Inspections))
		}
		want := []string{
			"all: 9 items, observed 0.889, first 0.889, second 0.778, DEFINED, 2 of 4 fail",
			"lead: 6 items, observed 0.833, first 0.833, second 0.667, DEFINED, 2 of 3 fail",
			"manager: 3 items, observed 1.000, first 1.000, second 1.000, BOTH_CONSTANT, 0 of 1 fail",
		}
		if len(lines) == 3 && lines[1] > lines[2] { // inspectors come in the order of their ids
			lines[1], lines[2] = lines[2], lines[1]
		}
		if diff := cmp.Diff(want, lines); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
		for who, want := range map[string]int{"lead": 1, "site manager": 1, "booker": 0, "housekeeping manager": 0, "floor manager": 0} {
			if n := len(c.compared(t, who).Departments); n != want {
				t.Errorf("%s sees %d departments, want %d", who, n, want)
			}
		}
	})
}

// An inspector who never fails anything stands out where the others do, and not by few inspections.
func TestInspectorWhoNeverFailsAnything(t *testing.T) {
	each(t, func(t *testing.T, c *company) {
		for n := range 12 {
			c.looked(t, "manager", inspection.LayerSELF_CHECK, "agent")
			c.looked(t, "lead", inspection.LayerSELF_CHECK, "agent", []string{"polite", "exact"}[n%2])
			c.clock.advance(24 * time.Hour)
		}
		c.looked(t, "site manager", inspection.LayerSELF_CHECK, "agent")
		for _, a := range c.compared(t, "officer").Inspectors {
			if want := a.InspectorID == *c.staff("manager"); a.StandsOut != want {
				t.Errorf("of %d inspections %d fail, with the probability %v: stands out %t", a.Inspections, a.WithFailures, a.Probability, a.StandsOut)
			}
		}
	})
}

func TestLayerAgreementRefusals(t *testing.T) {
	each(t, func(t *testing.T, c *company) {
		layers := []inspection.Layer{inspection.LayerSELF_CHECK, inspection.LayerSAMPLING}
		desk, hotel := &c.departments["desk"].ID, &c.sites["hotel"].ID
		for want, in := range map[string]quality.LayerAgreementOf{
			"INVALID departmentId": {From: morning, To: morning.Add(1), Layers: layers, DepartmentID: desk, SiteID: hotel},
			"INVALID layers":       {From: morning, To: morning.Add(1), Layers: layers[:1], DepartmentID: desk},
			"INVALID to":           {From: morning, To: morning, Layers: layers, DepartmentID: desk},
		} {
			_, err := c.LayerAgreement(c.as(t, "officer"), in)
			expect(t, want, err, want)
		}
	})
}
