package holiday_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/seed-34fcb60d/rounds/quality/holiday"
	"github.com/seed-34fcb60d/rounds/quality/rules/calendar"
)

// file is a calendar of events, each a list of lines.
func file(events ...string) string {
	var b strings.Builder
	b.WriteString("BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:-//test//EN\n")
	for _, e := range events {
		b.WriteString("BEGIN:VEVENT\nUID:1\n" + e + "\nEND:VEVENT\n")
	}
	b.WriteString("END:VCALENDAR\n")
	return strings.ReplaceAll(b.String(), "\n", "\r\n")
}

// told reads a year and writes the days as "01-04 name", worked ones with a plus.
func told(t *testing.T, text string, year int) (days []string) {
	t.Helper()
	first, last := calendar.DateOf(year, time.January, 1), calendar.DateOf(year, time.December, 31)
	found, err := holiday.Read(text, first, last)
	if err != nil {
		t.Fatal(err)
	}
	for date := first; date <= last; date++ {
		if day, is := found[date]; is {
			days = append(days, map[bool]string{true: "+"}[day.Working]+date.String()[5:]+" "+day.Name)
		}
	}
	if len(days) != len(found) {
		t.Errorf("%d days are in the year, want all of %d", len(days), len(found))
	}
	return days
}

func TestFilesAsTheyArePublished(t *testing.T) {
	for name, row := range map[string]struct {
		text string
		want []string
	}{
		"as by Apple": {file(
			"DTSTART;VALUE=DATE:20260101\nDTEND;VALUE=DATE:20260104\nSUMMARY;LANGUAGE=zh_CN:元旦（休）\nX-APPLE-SPECIAL-DAY:WORK-HOLIDAY",
			"DTSTART;VALUE=DATE:20260104\nSUMMARY:元旦（班）\nX-APPLE-SPECIAL-DAY:ALTERNATE-WORKDAY",
			"DTSTART;VALUE=DATE:20260303\nSUMMARY:元宵节"),
			[]string{"01-01 元旦", "01-02 元旦", "01-03 元旦", "+01-04 元旦"}},
		"by words": {file(
			"DTSTART;VALUE=DATE:20261001\nDTEND;VALUE=DATE:20261003\nSUMMARY:国庆节 假期",
			"DTSTART;VALUE=DATE:20261010\nSUMMARY:国庆节 补班",
			"DTSTART;VALUE=DATE:20260920\nSUMMARY:Special working day"),
			[]string{"+09-20 Special working day", "10-01 国庆节 假期", "10-02 国庆节 假期", "+10-10 国庆节 补班"}},
		"by categories, without marks of holidays": {file(
			"DTSTART;VALUE=DATE:20260509\nSUMMARY:Labour Day\nCATEGORIES:China,Workday",
			"DTSTART;VALUE=DATE:20260501\nSUMMARY:Labour Day"),
			[]string{"+05-09 Labour Day"}},
		"holidays alone, some of each year": {file(
			"DTSTART;VALUE=DATE:19491003\nRRULE:FREQ=YEARLY\nSUMMARY:Tag der Einheit",
			"DTSTART;VALUE=DATE:20001123\nRRULE:FREQ=YEARLY;BYMONTH=11;BYDAY=4TH\nSUMMARY:Thanksgiving",
			"DTSTART;VALUE=DATE:20001231\nDURATION:P2D\nRRULE:FREQ=YEARLY;UNTIL=20261231\nSUMMARY:Silvester",
			"DTSTART;VALUE=DATE:20000501\nRRULE:FREQ=YEARLY\nEXDATE;VALUE=DATE:20250501,20260501\nSUMMARY:Never mind",
			"DTSTART;VALUE=DATE:20260502\nSTATUS:CANCELLED\nSUMMARY:Not at all",
			"DTSTART;VALUE=DATE:20240229\nRRULE:FREQ=YEARLY\nSUMMARY:Leap day"),
			[]string{"01-01 Silvester", "10-03 Tag der Einheit", "11-26 Thanksgiving", "12-31 Silvester"}},
		"folded, escaped, with an alarm, two on a day": {file(
			"DTSTART;VALUE=DATE:20260406\nSUMMARY:East\n er\\, second\n  day\nBEGIN:VALARM\nTRIGGER:-PT5M\nSUMMARY:no\nEND:VALARM",
			"DTSTART:20260406\nSUMMARY:Easter\\, second day",
			"DTSTART:20260406\nSUMMARY:Qingming"),
			[]string{"04-06 Easter, second day / Qingming"}},
		"nothing": {file(), nil},
	} {
		if diff := cmp.Diff(row.want, told(t, row.text, 2026)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

func TestFilesThatAreRefused(t *testing.T) {
	const day = "DTSTART;VALUE=DATE:20260101"
	many := func(n int, event string) string { return file(strings.Split(strings.Repeat(event+"|", n), "|")[:n]...) }
	for name, row := range map[string]struct {
		text string
		want holiday.Error
	}{
		"nothing at all":          {"", holiday.Error{Rule: holiday.Calendar}},
		"a web page":              {"<html>\n", holiday.Error{Rule: holiday.Line, Line: 1}},
		"no calendar":             {"BEGIN:VEVENT\nEND:VEVENT\n", holiday.Error{Rule: holiday.Calendar, Line: 1}},
		"cut off":                 {"BEGIN:VCALENDAR\nBEGIN:VEVENT\n" + day + "\n", holiday.Error{Rule: holiday.Calendar}},
		"crossed":                 {"BEGIN:VCALENDAR\nBEGIN:VEVENT\nEND:VCALENDAR\n", holiday.Error{Rule: holiday.Calendar, Line: 3, Event: 1}},
		"nested":                  {strings.Repeat("BEGIN:VCALENDAR\n", 2), holiday.Error{Rule: holiday.Calendar, Line: 2}},
		"deep":                    {"BEGIN:VCALENDAR\n" + strings.Repeat("BEGIN:VEVENT\n", 9), holiday.Error{Rule: holiday.Calendar, Line: 5, Event: 3}},
		"after the end":           {file() + "X:1\r\n", holiday.Error{Rule: holiday.Calendar, Line: 5}},
		"only an end":             {"END:VCALENDAR\n", holiday.Error{Rule: holiday.Calendar, Line: 1}},
		"no form":                 {file(day, day+"\nSUMMARY"), holiday.Error{Rule: holiday.Line, Line: 11, Event: 2}},
		"a broken parameter":      {file("DTSTART;VALUE"), holiday.Error{Rule: holiday.Line, Line: 6, Event: 1}},
		"a time":                  {file("DTSTART:20260101T000000Z"), holiday.Error{Rule: holiday.WholeDays, Line: 6, Event: 1}},
		"no day":                  {file("DTSTART:20260230"), holiday.Error{Rule: holiday.WholeDays, Line: 6, Event: 1}},
		"no beginning":            {file("SUMMARY:x"), holiday.Error{Rule: holiday.WholeDays, Line: 4, Event: 1}},
		"an end before":           {file(day + "\nDTEND:20251231"), holiday.Error{Rule: holiday.WholeDays, Line: 4, Event: 1}},
		"years long":              {file(day + "\nDTEND:20280101"), holiday.Error{Rule: holiday.WholeDays, Line: 4, Event: 1}},
		"hours long":              {file(day + "\nDURATION:PT5H"), holiday.Error{Rule: holiday.WholeDays, Line: 7, Event: 1}},
		"weekly":                  {file(day + "\nRRULE:FREQ=WEEKLY"), holiday.Error{Rule: holiday.Yearly, Line: 4, Event: 1}},
		"by the hour":             {file(day + "\nRRULE:FREQ=YEARLY;BYHOUR=1,2"), holiday.Error{Rule: holiday.Yearly, Line: 4, Event: 1}},
		"on the twentieth Friday": {file(day + "\nRRULE:FREQ=YEARLY;BYMONTH=12;BYDAY=20FR"), holiday.Error{Rule: holiday.Yearly, Line: 4, Event: 1}},
		"backwards":               {file(day + "\nRRULE:FREQ=YEARLY;INTERVAL=-1"), holiday.Error{Rule: holiday.Yearly, Line: 4, Event: 1}},
		"too many days":           {many(100, day+"\nDTEND:20270101"), holiday.Error{Rule: holiday.Small, Line: 274, Event: 55}},
		"by no rule":              {file(day + "\nRRULE:OFTEN"), holiday.Error{Rule: holiday.Yearly, Line: 4, Event: 1}},
		"on further days":         {file(day + "\nRDATE:20260103"), holiday.Error{Rule: holiday.Yearly, Line: 7, Event: 1}},
		"a long name":             {file(day + "\nSUMMARY:" + strings.Repeat("x", 101)), holiday.Error{Rule: holiday.NameShort, Line: 4, Event: 1}},
		"a long line":             {file(day + "\nSUMMARY:" + strings.Repeat("x", 5000)), holiday.Error{Rule: holiday.Small, Line: 7, Event: 1}},
		"both":                    {file(day+"\nSUMMARY:休", day+"\nSUMMARY:班"), holiday.Error{Rule: holiday.Consistent, Line: 9, Event: 2}},
		"many events":             {many(5001, day), holiday.Error{Rule: holiday.Small, Line: 20004}},
		"many that recur":         {many(51, day+"\nRRULE:FREQ=YEARLY"), holiday.Error{Rule: holiday.Small, Line: 254, Event: 51}},
		"half a megabyte, more":   {strings.Repeat("x", holiday.MaxBytes+1), holiday.Error{Rule: holiday.Small}},
	} {
		_, err := holiday.Read(row.text, calendar.DateOf(2026, 1, 1), calendar.DateOf(2027, 12, 31))
		var wrong *holiday.Error
		if !errors.As(err, &wrong) {
			t.Errorf("%s: %v", name, err)
		} else if diff := cmp.Diff(row.want, *wrong); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

// What is read lies in the range, whatever the file.
func FuzzRead(f *testing.F) {
	f.Add(file("DTSTART;VALUE=DATE:20261001\nDTEND;VALUE=DATE:20261008\nSUMMARY:国庆节（休）", "DTSTART:19491001\nRRULE:FREQ=YEARLY;BYMONTH=10\nEXDATE:20261001"))
	f.Add(file("DTSTART;X=\"a:b\":20260101\nDURATION:P1W\nCATEGORIES:a,班\nBEGIN:VALARM\nEND:VALARM"))
	first, last := calendar.DateOf(2026, 1, 1), calendar.DateOf(2026, 12, 31)
	f.Fuzz(func(t *testing.T, text string) {
		days, err := holiday.Read(text, first, last)
		var wrong *holiday.Error
		if err != nil && (!errors.As(err, &wrong) || days != nil) {
			t.Errorf("%v %v", days, err)
		}
		for date, day := range days {
			if date < first || date > last || len(day.Windows) > 0 {
				t.Errorf("%v %v", date, day)
			}
		}
	})
}

func BenchmarkRulesThatNeverComeTrue(b *testing.B) {
	text := file(strings.Split(strings.Repeat(fmt.Sprintf("%s|", "DTSTART:20000101\nRRULE:FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30"), 50), "|")[:50]...)
	for b.Loop() {
		if _, err := holiday.Read(text, 0, 36525); err != nil {
			b.Fatal(err)
		}
	}
}
