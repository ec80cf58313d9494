using System.Globalization;

namespace ClinicFlow.SampleMaker;

/// <summary>A row of the medication table.</summary>
internal sealed record Medication(string Name, string Dose, string Schedule, string Since);

/// <summary>A fictional patient with what the consent form needs. Names are mixed at random; no real person is meant.</summary>
internal sealed record Patient
{
    public required string Mrn { get; init; }
    public required string LastName { get; init; }
    public required string FirstName { get; init; }
    public required string Sex { get; init; }
    public required DateOnly BirthDate { get; init; }
    public required Address Address { get; init; }
    public required string Phone { get; init; }
    public required string Email { get; init; }
    public required string Insurer { get; init; }
    public required string InsuranceNumber { get; init; }
    public required Procedure Procedure { get; init; }
    public required string Side { get; init; }
    public required DateTime Operation { get; init; }
    public required DateOnly Admission { get; init; }
    public required string Allergies { get; init; }
    public required bool Minor { get; init; }
    public required Guardian? Guardian { get; init; }
    public required string Interpreter { get; init; }
    public required string Physician { get; init; }
    public required DateOnly ConsentDate { get; init; }
    public required Consents Consents { get; init; }
    public required IReadOnlyList<Medication> Medications { get; init; }
}

/// <summary>Where a patient lives.</summary>
internal sealed record Address(string Street, string PostalCode, string City, string Country);

/// <summary>Who signs for a minor.</summary>
internal sealed record Guardian(string Name, string Relation, string Phone);

/// <summary>What a patient agrees to.</summary>
internal sealed record Consents(bool Procedure, bool Anaesthesia, bool Transfusion, bool Data, bool Photos, bool Research);

/// <summary>Makes the sample's patients: the same ones at every run.</summary>
internal static class Patients
{
    // The years of the sample lie still: ages and dates are counted from this day, not from today.
    private static readonly DateOnly FirstDay = new(2026, 10, 5);

    private static readonly string[] Insurers = ["Northmere Health Fund", "Caritas Mutual", "Helvion Insurance", "Public Health Scheme", "Meridian Care", "Union Sickness Fund", "private patient"];

    private static readonly string[] Allergies =
    [
        "Penicillin (rash)", "Latex", "Iodinated contrast medium", "Adhesive plasters, chlorhexidine", "Nuts & celery (anaphylaxis 2019)",
        "Nickel", "Bee venom; \"emergency kit\" carried", "Ibuprofen – asthma < 30 min after intake",
    ];

    private static readonly string[] Physicians = ["Dr. Amara Lindholm", "Dr. Jonas Weidenbach", "Dr. Šárka Dvořáková", "Dr. Rafael Monteiro"];

    private static readonly string[] Relations = ["mother", "father", "legal guardian", "grandmother"];

    // Places are invented. The numbers are those that each country's regulator keeps free for fiction, so that no call ever
    // reaches anyone: Ofcom 01632 960 and 07700 900, Bundesnetzagentur 030 23125 and 069 90009, Arcep 01 99 00, PTS 08-465 00,
    // ACMA 5550, and 555-01 in North America.
    private static readonly Region[] Regions =
    [
        new("United Kingdom", ["Lakeshore Road", "St Brannock’s Lane", "Mill Rise", "Harbour Terrace", "Alder Close"], ["NM1 4QT", "NM3 8ZA", "NM7 2XL"], ["Northmere", "Little Tarn", "Elderwick"], "+44 1632 960{0:000}", NumberFirst: true),
        new("United Kingdom", ["Ferry Street", "Cloister Walk", "Upper Weir Road", "Pond Lane"], ["NM2 6HB", "NM5 1RD"], ["Northmere", "Castle Tarn"], "+44 7700 900{0:000}", NumberFirst: true),
        new("Germany", ["Lindenstraße", "Am Mühlgraben", "Große Gärtnergasse"], ["99998", "00815"], ["Musterstadt", "Grünfelden"], "+49 30 23125{0:000}", NumberFirst: false),
        new("Germany", ["Überfuhrstraße", "Schöne Aussicht"], ["00471"], ["Bad Mustertal"], "+49 69 90009{0:000}", NumberFirst: false),
        new("France", ["rue de l’Église", "allée des Érables"], ["99140", "99870"], ["Saint-Exemple-sur-Loire", "Modèleville"], "+33 1 99 00 {1:00} {2:00}", NumberFirst: true),
        new("Sweden", ["Åkervägen", "Björkgränd"], ["999 10"], ["Exempelköping"], "+46 8 465 00{1:00}", NumberFirst: false),
        new("United States", ["Sample Avenue", "Quarry Bend"], ["00042"], ["Fairhaven Falls"], "+1 202 555 01{1:00}", NumberFirst: true),
        new("Australia", ["Wattle Parade", "Banksia Court"], ["0099"], ["Port Example"], "+61 2 5550 {0:0000}", NumberFirst: true),
    ];

    /// <summary>Makes all patients, one for each line of the list of names.</summary>
    public static IReadOnlyList<Patient> Make()
    {
        var medicines = Resources.ReadLines("medicines.tsv").Select(line => line.Split('\t')).ToArray();
        return [.. Resources.ReadLines("names.tsv").Select((line, index) => MakeOne(line.Split('\t'), index, medicines))];
    }

    private static Patient MakeOne(string[] name, int index, string[][] medicines)
    {
        var dice = new Dice((uint)index + 1);
        var consent = FirstDay.AddDays(index / 4);
        var operation = NextWorkday(consent.AddDays(2 + dice.Roll(12)));
        var procedure = dice.Pick(Procedure.All.Where(one => one.Sex.Length == 0 || one.Sex == name[2]).ToArray());

        // What children can have, every second patient has as a child.
        var oldest = procedure.Ages.From < 18 && dice.Roll(2) == 0 ? 18 : procedure.Ages.To;
        var years = procedure.Ages.From + dice.Roll(oldest - procedure.Ages.From);
        var birth = consent.AddYears(-years).AddDays(-dice.Roll(364));
        var minor = birth.AddYears(18) > consent;
        var region = dice.Pick(Regions);
        return new Patient
        {
            Mrn = $"SA-{2026_0417 + (index * 37):00000000}",
            LastName = name[0],
            FirstName = name[1],
            Sex = name[2],
            BirthDate = birth,
            Address = region.MakeAddress(dice),
            Phone = region.MakePhone(dice),
            Email = dice.Roll(5) == 0 ? "" : $"patient{index + 1:000}@example.org",
            Insurer = dice.Pick(Insurers),
            InsuranceNumber = $"{(char)('A' + dice.Roll(26))}{dice.Roll(1_000_000_000):000000000}",
            Procedure = procedure,
            Side = procedure.Sides.Length == 0 ? "" : dice.Pick(procedure.Sides),
            Operation = operation.ToDateTime(new TimeOnly(7 + dice.Roll(8), 15 * dice.Roll(4))),
            Admission = procedure.Nights > 3 ? operation.AddDays(-1) : operation,
            Allergies = dice.Roll(5) < 3 ? "" : dice.Pick(Allergies),
            Minor = minor,
            Guardian = minor ? new Guardian($"{dice.Pick(["Alex", "Robin", "Kim", "Dominique"])} {name[0]}", dice.Pick(Relations), region.MakePhone(dice)) : null,
            Interpreter = dice.Roll(7) == 0 ? dice.Pick(["Arabic", "Ukrainian", "Tigrinya", "Vietnamese", "sign language"]) : "",
            Physician = dice.Pick(Physicians),
            ConsentDate = consent,
            Consents = new Consents(Procedure: true, Anaesthesia: true, dice.Roll(10) > 0, Data: true, dice.Roll(3) > 0, dice.Roll(2) > 0),
            Medications = MakeMedications(dice, minor, birth, consent, medicines),
        };
    }

    private static Medication[] MakeMedications(Dice dice, bool minor, DateOnly birth, DateOnly consent, string[][] medicines)
    {
        // About one in eight takes nothing; most take up to seven, some up to twelve.
        var count = dice.Roll(8) switch { 0 => 0, < 4 => 1 + dice.Roll(3), < 7 => 4 + dice.Roll(4), _ => 8 + dice.Roll(5) };
        var pool = medicines.Where(medicine => medicine[0] == (minor ? "child" : "adult")).ToList();
        var taken = new List<Medication>();
        for (var i = 0; i < Math.Min(count, minor ? 3 : 12); i++)
        {
            var medicine = pool[dice.Roll(pool.Count)];
            pool.Remove(medicine);
            var since = consent.AddDays(-20 - dice.Roll(minor ? 500 : 4000));
            taken.Add(new Medication(medicine[1], medicine[2], medicine[3], Iso(since < birth ? birth.AddDays(14) : since)));
        }

        return [.. taken];
    }

    /// <summary>A date as data files carry it.</summary>
    public static string Iso(DateOnly date) => date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    private static DateOnly NextWorkday(DateOnly date) => date.DayOfWeek switch
    {
        DayOfWeek.Saturday => date.AddDays(2),
        DayOfWeek.Sunday => date.AddDays(1),
        _ => date,
    };

    private sealed record Region(string Country, string[] Streets, string[] PostalCodes, string[] Cities, string PhonePicture, bool NumberFirst)
    {
        public Address MakeAddress(Dice dice)
        {
            var number = 1 + dice.Roll(140);
            var street = dice.Pick(Streets);
            return new Address(NumberFirst ? $"{number} {street}" : $"{street} {number}", dice.Pick(PostalCodes), dice.Pick(Cities), Country);
        }

        public string MakePhone(Dice dice)
            => string.Format(CultureInfo.InvariantCulture, PhonePicture, dice.Roll(1000), dice.Roll(100), dice.Roll(100));
    }
}

/// <summary>Chance that falls the same way at every run, on every machine and .NET version (SplitMix64).</summary>
internal sealed class Dice(uint seed)
{
    private ulong _state = seed * 0xD1B5_4A32_D192_ED03UL;

    /// <summary>A number from 0 up to, but without, <paramref name="sides"/>.</summary>
    public int Roll(int sides)
    {
        _state += 0x9E37_79B9_7F4A_7C15UL;
        var mixed = _state;
        mixed = (mixed ^ (mixed >> 30)) * 0xBF58_476D_1CE4_E5B9UL;
        mixed = (mixed ^ (mixed >> 27)) * 0x94D0_49BB_1331_11EBUL;
        return (int)((mixed ^ (mixed >> 31)) % (ulong)sides);
    }

    /// <summary>One of several.</summary>
    public T Pick<T>(IReadOnlyList<T> choices) => choices[Roll(choices.Count)];
}
