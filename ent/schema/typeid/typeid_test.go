package typeid

import (
	"bytes"
	"database/sql/driver"
	"testing"

	"github.com/google/uuid"
	"pgregory.net/rapid"
)

func TestSpecificationVectors(t *testing.T) {
	for text, id := range map[string]string{
		"00000000000000000000000001": "00000000-0000-0000-0000-000000000001",
		"0000000000000000000000000g": "00000000-0000-0000-0000-000000000010",
		"7zzzzzzzzzzzzzzzzzzzzzzzzz": "ffffffff-ffff-ffff-ffff-ffffffffffff",
		"01h455vb4pex5vsknk084sn02q": "01890a5d-ac96-774b-bcce-b302099a8057",
	} {
		u := uuid.MustParse(id)
		if got := encode(u); got != text {
			t.Errorf("encode(%s) = %s, want %s", id, got, text)
		}
		if got, ok := decode(text); !ok || got != u {
			t.Errorf("decode(%s) = %s, %t, want %s", text, got, ok, id)
		}
	}
}

func TestEveryIDReadsBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var want CaseID
		copy(want[:], rapid.SliceOfN(rapid.Byte(), 16, 16).Draw(t, "uuid"))
		if want.IsZero() {
			t.Skip("the zero id has no outside form")
		}
		if got, ok := Parse[CaseID](want.String()); !ok || got != want {
			t.Fatalf("Parse(%s) = %s, %t", want, got, ok)
		}
		stored, err := want.Value()
		if err != nil {
			t.Fatal(err)
		}
		var got CaseID
		if err := got.Scan(stored); err != nil || got != want {
			t.Fatalf("Scan(Value(%s)) = %s, %v", want, got, err)
		}
	})
}

func TestForeignTextIsOfNoRecord(t *testing.T) {
	for _, text := range []string{
		"cust_01h455vb4pex5vsknk084sn02q",       // another kind
		"case_81h455vb4pex5vsknk084sn02q",       // more than 128 bits
		"case_01H455VB4PEX5VSKNK084SN02Q",       // upper case
		"case_01h455vb4pex5vsknk084sn02",        // too short
		"case_01h455vb4pex5vsknk084sn02qq",      // too long
		"case_01h455vb4pex5vsknk084sn02l",       // not a digit
		"case01h455vb4pex5vsknk084sn02q",        // no separator
		"01890a5d-ac96-774b-bcce-b302099a8057",  // a bare UUID
		"case_",                                 // no suffix
		"case__01h455vb4pex5vsknk084sn02q",      // two separators
		"' OR 1=1 --", "\x00", "case_\xff\xfe0", // noise
	} {
		if id, ok := Parse[CaseID](text); ok {
			t.Errorf("Parse(%q) = %s, want none", text, id)
		}
		var id CaseID
		if err := id.UnmarshalGQL(text); err != nil || !id.IsZero() {
			t.Errorf("UnmarshalGQL(%q) = %s, %v, want the zero id", text, id, err)
		}
	}
	var id CaseID
	if err := id.UnmarshalGQL(true); err == nil {
		t.Error("UnmarshalGQL(true): no error")
	}
}

func TestZeroIDIsNull(t *testing.T) {
	var id CaseID
	if v, err := id.Value(); v != driver.Value(nil) || err != nil {
		t.Errorf("Value() = %v, %v, want NULL", v, err)
	}
	var out bytes.Buffer
	if id.MarshalGQL(&out); out.String() != "null" {
		t.Errorf("MarshalGQL() = %s, want null", out.String())
	}
}

func TestNewIDsSort(t *testing.T) {
	prev := New[CaseID]().String()
	for range 1000 {
		next := New[CaseID]().String()
		if next <= prev {
			t.Fatalf("%s made after %s", next, prev)
		}
		prev = next
	}
}
