using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace ClinicFlow.SampleMaker;

/// <summary>Writes the patients as data files: as a table with lists as JSON in a cell, and as nested JSON.</summary>
internal static class PatientFiles
{
    private static readonly JsonSerializerOptions Readable = new() { WriteIndented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    private static readonly JsonSerializerOptions InCell = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The patients as CSV (RFC 4180, with line feeds), UTF-8 with the mark that Excel looks for.</summary>
    public static byte[] WriteCsv(IReadOnlyList<Patient> patients)
    {
        var csv = new StringBuilder("\uFEFF");
        csv.AppendJoin(',', Columns(patients[0]).Select(column => column.Name)).Append('\n');
        foreach (var patient in patients)
        {
            csv.AppendJoin(',', Columns(patient).Select(column => Quote(InOneCell(column.Value)))).Append('\n');
        }

        return Encoding.UTF8.GetBytes(csv.ToString());
    }

    /// <summary>The same patients as a JSON array, groups and lists nested.</summary>
    public static byte[] WriteJson(IReadOnlyList<Patient> patients)
    {
        var all = new JsonArray();
        foreach (var patient in patients)
        {
            all.Add(Nest(patient));
        }

        return Encoding.UTF8.GetBytes(all.ToJsonString(Readable) + "\n");
    }

    // One list for both files, so that they cannot come apart. A dot in a name makes a group in JSON.
    private static IEnumerable<(string Name, JsonNode? Value)> Columns(Patient patient) =>
    [
        ("mrn", patient.Mrn),
        ("lastName", patient.LastName),
        ("firstName", patient.FirstName),
        ("sex", patient.Sex),
        ("birthDate", Patients.Iso(patient.BirthDate)),
        ("address.street", patient.Address.Street),
        ("address.postalCode", patient.Address.PostalCode),
        ("address.city", patient.Address.City),
        ("address.country", patient.Address.Country),
        ("phone", patient.Phone),
        ("email", patient.Email),
        ("insurer", patient.Insurer),
        ("insuranceNumber", patient.InsuranceNumber),
        ("procedure", patient.Procedure.Name),
        ("side", patient.Side),
        ("diagnosis", patient.Procedure.Diagnosis),
        ("department", patient.Procedure.Department),
        ("surgeon", patient.Procedure.Surgeon),
        ("anaesthesia", patient.Procedure.Anaesthesia),
        ("operationDate", Patients.Iso(DateOnly.FromDateTime(patient.Operation))),
        ("operationTime", patient.Operation.ToString("HH:mm", CultureInfo.InvariantCulture)),
        ("admissionDate", Patients.Iso(patient.Admission)),
        ("durationMinutes", patient.Procedure.Minutes),
        ("nights", patient.Procedure.Nights),
        ("course", patient.Procedure.Course),
        ("alternatives", patient.Procedure.Alternatives),
        ("risks", new JsonArray([.. patient.Procedure.Risks.Select(risk => (JsonNode)risk)])),
        ("allergies", patient.Allergies),
        ("medications", new JsonArray([.. patient.Medications.Select(Nest)])),
        ("minor", patient.Minor),
        ("guardian.name", patient.Guardian?.Name ?? ""),
        ("guardian.relation", patient.Guardian?.Relation ?? ""),
        ("guardian.phone", patient.Guardian?.Phone ?? ""),
        ("interpreter", patient.Interpreter),
        ("physician", patient.Physician),
        ("consentDate", Patients.Iso(patient.ConsentDate)),
        ("consentProcedure", patient.Consents.Procedure),
        ("consentAnaesthesia", patient.Consents.Anaesthesia),
        ("consentTransfusion", patient.Consents.Transfusion),
        ("consentData", patient.Consents.Data),
        ("consentPhotos", patient.Consents.Photos),
        ("consentResearch", patient.Consents.Research),
    ];

    private static JsonObject Nest(Medication medication)
        => new() { ["name"] = medication.Name, ["dose"] = medication.Dose, ["schedule"] = medication.Schedule, ["since"] = medication.Since };

    private static JsonObject Nest(Patient patient)
    {
        var record = new JsonObject();
        foreach (var (name, value) in Columns(patient))
        {
            if (name.Split('.') is [var group, var member])
            {
                record[group] ??= new JsonObject();
                record[group]![member] = value;
            }
            else
            {
                record[name] = value;
            }
        }

        return record;
    }

    private static string InOneCell(JsonNode? value) => value switch
    {
        // An empty cell is an empty list.
        JsonArray { Count: 0 } => "",
        JsonArray list => list.ToJsonString(InCell),
        _ => value?.ToString() ?? "",
    };

    private static string Quote(string cell)
        => cell.AsSpan().IndexOfAny("\",\n\r") < 0 ? cell : $"\"{cell.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
}
