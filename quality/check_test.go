package quality

import "testing"

// A text must show something and do nothing to where it is shown.
func TestTexts(t *testing.T) {
	for value, want := range map[string]Kind{
		"a":                                 "",
		"两行\n\tand a tab\r\n":               "",
		"👩\u200d👩\u200d👧":                   "", // joiners within a text
		"\u200fשלום\u200e":                  "", // marks of direction in one
		"a\u0085b":                          "",
		"":                                  Required,
		" \t\r\n\u3000\u00a0":               Required,
		"\u200b\u2060\ufeff":                Required,
		"\u202e\u202c":                      Required,
		"a\x00b":                            Invalid,
		"\x1b[2Jcleared":                    Invalid,
		"a\x07\x08b":                        Invalid,
		"a\x7fb":                            Invalid,
		"\xff":                              Invalid,
		"four":                              "",
		"1234567890" + "1234567890" + "123": TooLong,
	} {
		var required, optional check
		text, left := value, &value
		required.text(&text, 22, "field")
		optional.optional(&left, 22, "field")
		if got := kindOf(required); got != want {
			t.Errorf("a required %q is %q, want %q", value, got, want)
		}
		if want == Required { // then it counts as left out
			want = ""
			if left != nil {
				t.Errorf("an optional %q was kept", value)
			}
		}
		if got := kindOf(optional); got != want {
			t.Errorf("an optional %q is %q, want %q", value, got, want)
		}
	}
}

func kindOf(c check) Kind {
	if len(c.problems) == 0 {
		return ""
	}
	return c.problems[0].Kind
}
