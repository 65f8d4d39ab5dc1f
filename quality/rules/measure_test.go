package rules_test

import (
	"testing"

	"github.com/seed-34fcb60d/rounds/ent/db/casemeasure"
	"github.com/seed-34fcb60d/rounds/ent/db/servicecase"
	"github.com/seed-34fcb60d/rounds/quality/rules"
)

func TestCourseOfAMeasure(t *testing.T) {
	type at = casemeasure.Status
	const planned, completed, effective, not, cancelled = casemeasure.StatusPLANNED, casemeasure.StatusCOMPLETED,
		casemeasure.StatusEFFECTIVE, casemeasure.StatusNOT_EFFECTIVE, casemeasure.StatusCANCELLED
	steps := []rules.MeasureStep{rules.CompleteMeasure, rules.FindEffective, rules.FindNotEffective, rules.CancelMeasure, "FORGET"}
	for from, to := range map[at][5]at{ // "" where the step is not allowed
		planned:   {completed, "", "", cancelled, ""},
		completed: {"", effective, not, cancelled, ""},
		effective: {},
		not:       {},
		cancelled: {},
		"LOST":    {},
	} {
		for n, step := range steps {
			if got, ok := rules.NextMeasure(from, step); got != to[n] || ok != (to[n] != "") {
				t.Errorf("%s of a measure that is %s leads to %q (%v), want %q", step, from, got, ok, to[n])
			}
		}
	}
}

func TestMeasureThatACourseAsksFor(t *testing.T) {
	for _, kind := range kinds {
		want := map[servicecase.Kind]casemeasure.Kind{
			servicecase.KindINCIDENT: casemeasure.KindPREVENTIVE, servicecase.KindSUGGESTION: casemeasure.KindIMPROVEMENT}[kind]
		if got := rules.MeasureOf(kind); got != want {
			t.Errorf("the course of a %s asks for %q, want %q", kind, got, want)
		}
	}
}

func TestWhatIsInWriting(t *testing.T) {
	for channel, want := range map[servicecase.Channel]bool{
		servicecase.ChannelIN_PERSON: false, servicecase.ChannelTELEPHONE: false, servicecase.ChannelEMAIL: true,
		servicecase.ChannelCHAT: true, servicecase.ChannelLETTER: true, servicecase.ChannelSURVEY: true,
		servicecase.ChannelINSPECTION: false, servicecase.ChannelPUBLIC_PLATFORM: true, servicecase.ChannelOTHER: false,
	} {
		if got := rules.InWriting(channel); got != want {
			t.Errorf("by %s: %v, want %v", channel, got, want)
		}
	}
}
