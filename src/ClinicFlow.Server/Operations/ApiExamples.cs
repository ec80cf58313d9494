using System.Text.Json.Nodes;
using Microsoft.OpenApi;

namespace ClinicFlow.Server.Operations;

/// <summary>What requests look like, by the name of the operation: for people who read the description of the API.</summary>
internal static class ApiExamples
{
    private static readonly Dictionary<string, string> Bodies = new()
    {
        ["CreateJob"] = """
            {"name": "Consent forms, ward 3", "templateId": "0198c0de-0000-7000-8000-000000000001", "priority": "high",
             "settings": {"outputFormat": "both", "maxConcurrentProcessing": 4, "notifyOnCompletion": true, "notificationEmail": "ward3@clinic.example"},
             "requests": [{"documentName": "Consent 1001", "patientId": "1001", "mergeData": {"firstName": "Ada", "lastName": "Example", "dateOfBirth": "1980-05-17"}}]}
            """,
        ["ImportJob"] = """
            {"name": "Consent forms, ward 3", "templateId": "0198c0de-0000-7000-8000-000000000001", "documentName": "{{lastName}} {{firstName}} consent",
             "patientIdColumn": "mrn", "columns": {"dateOfBirth": "birth date"}, "source": {"culture": "de-AT"}, "settings": {"outputFormat": "pdf"}}
            """,
        ["PreviewDocument"] = """{"mergeData": {"firstName": "Ada", "lastName": "Example"}, "format": "pdf"}""",
        ["RetryJob"] = """{"requestIds": ["r17"], "correctedData": {"r17": {"firstName": "Ada", "lastName": "Example", "dateOfBirth": "1980-05-17"}}}""",
        ["SetPriority"] = """{"priority": "urgent"}""",
        ["RenderBatch"] = """{"data": {"patients": [{"name": "Ada Example"}]}, "convertTo": "pdf", "batchSplitBy": "d.patients", "batchOutput": "zip", "batchReportName": "{d.name}.pdf"}""",
        ["CreateApiKey"] = """{"name": "night batch", "scopes": ["jobs:read", "jobs:write", "templates:read"], "expiresInDays": 90}""",
        ["SignIn"] = """{"userName": "admin", "password": "…"}""",
        ["AddPasskey"] = """{"name": "my laptop", "credential": {"id": "…", "rawId": "…", "type": "public-key", "response": {"clientDataJSON": "…", "attestationObject": "…"}}}""",
        ["SignInWithPasskey"] = """{"credential": {"id": "…", "rawId": "…", "type": "public-key", "response": {"clientDataJSON": "…", "authenticatorData": "…", "signature": "…"}}}""",
        ["ChangePassword"] = """{"currentPassword": "…", "newPassword": "seven wet herons"}""",
        ["ChangeUser"] = """{"role": "operator", "resetPassword": true}""",
        ["PreviewImport"] = """{"templateId": "0198c0de-0000-7000-8000-000000000001", "documentName": "{{lastName}} consent", "columns": {"dateOfBirth": "birth date"}}""",
        ["CreateUser"] = """{"userName": "ward3", "email": "ward3@clinic.example", "role": "user"}""",
    };

    /// <summary>Adds the example of an operation's body, where there is one.</summary>
    public static void Add(OpenApiOperation operation)
    {
        if (operation.OperationId is { } id && Bodies.TryGetValue(id, out var example))
        {
            foreach (var content in operation.RequestBody?.Content?.Values ?? [])
            {
                content.Example = JsonNode.Parse(example);
            }
        }
    }
}
