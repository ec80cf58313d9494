using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Xunit;
using static ClinicFlow.Server.Tests.Hostile.HostileServer;

namespace ClinicFlow.Server.Tests.Hostile;

/// <summary>Properties that are the server's to set: whose a thing is, what state it is in, which id it has.</summary>
public sealed class AssignmentTests(HostileTest.OneServer server) : HostileTest(server)
{
    private static readonly (string Name, JsonNode Value)[] Foreign =
    [
        ("id", "0198c0de-0000-7000-8000-000000000009"), ("jobId", "0198c0de-0000-7000-8000-000000000009"), ("createdBy", "bernd"), ("owner", "bernd"), ("ownerId", "bernd"), ("userId", "bernd"), ("created_by", "bernd"), ("createdByName", "bernd"), ("actor", "bernd"),
        ("status", "completed"), ("state", "succeeded"), ("progress", new JsonObject()), ("succeeded", 5), ("templateVersionId", "0198c0de-0000-7000-8000-000000000009"), ("templateVersion", 1), ("createdAt", "2001-01-01T00:00:00Z"), ("completedAt", "2001-01-01T00:00:00Z"),
        ("purgedAt", null!), ("epoch", 7), ("leaseUntil", "2001-01-01T00:00:00Z"), ("actions", new JsonArray("delete")), ("downloads", new JsonArray("archive")), ("archiveLength", 1), ("errorCode", "x"), ("role", "administrator"), ("isAdministrator", true), ("__proto__", new JsonObject()), ("$type", "System.IO.FileInfo"),
    ];

    [Fact]
    public async Task A_job_takes_nothing_that_is_the_servers_to_say()
    {
        var count = await CountAsync();
        foreach (var (name, value) in Foreign)
        {
            foreach (var place in new[] { "", "settings", "request" })
            {
                var job = Server.Job();
                var target = place switch { "" => job, "settings" => job["settings"]!.AsObject(), _ => job["requests"]![0]!.AsObject() };
                target[name] = value?.DeepClone();
                using var answer = await Server.Anna.PostAsJsonAsync("/api/v1/batch-jobs", job, Cancellation);
                var problem = await RefusedAsync(answer, HttpStatusCode.BadRequest, "json-invalid");
                Assert.Contains("not known here", (string)problem["detail"]!, StringComparison.Ordinal);
            }

            // What a record is about may have any name.
            using var import = await Server.ImportAsync(Server.Anna, new JsonObject { [name] = value?.DeepClone() }, "patientName\nA\n"u8.ToArray(), "a.csv");
            await RefusedAsync(import, HttpStatusCode.BadRequest, "json-invalid");
            using var carbone = await Server.Anna.PostAsJsonAsync($"/api/v1/render/{Server.TemplateId}", new JsonObject { ["data"] = new JsonObject { ["patientName"] = "A" }, [name] = value?.DeepClone() }, Cancellation);
            await RefusedAsync(carbone, HttpStatusCode.BadRequest, "json-invalid");
        }

        Assert.Equal(count, await CountAsync());
    }

    [Fact]
    public async Task A_query_or_a_form_field_of_such_a_name_changes_nothing()
    {
        using var created = await Server.Anna.PostAsJsonAsync("/api/v1/batch-jobs?createdBy=bernd&status=completed&id=0198c0de-0000-7000-8000-000000000009", Server.Job(), Cancellation);
        var job = await JsonAsync(created, HttpStatusCode.Created);
        Assert.Equal("anna", (string)job["createdByName"]!);
        Assert.NotEqual("completed", (string)job["status"]!);
        Assert.NotEqual("0198c0de-0000-7000-8000-000000000009", (string)job["id"]!);

        var form = new MultipartFormDataContent
        {
            { new StringContent("bernd"), "createdBy" }, { new StringContent("0198c0de-0000-7000-8000-000000000009"), "id" }, { new StringContent("published"), "status" }, { new StringContent("99"), "version" },
            { new StringContent("Mine"), "name" }, { new ByteArrayContent(BadFiles.Template("Dear {{patientName}} of a form")), "file", "a.docx" },
        };
        using var added = await Server.Anna.PostAsync("/api/v1/templates", form, Cancellation);
        var template = await JsonAsync(added, HttpStatusCode.Created);
        using var session = await Server.Anna.GetAsync("/api/v1/session", Cancellation);
        Assert.Equal((string)(await JsonAsync(session))["id"]!, (string)template["createdBy"]!);
        Assert.Equal((1, "draft"), ((int)template["versions"]![0]!["version"]!, (string)template["versions"]![0]!["status"]!));
        Assert.NotEqual("0198c0de-0000-7000-8000-000000000009", (string)template["id"]!);
    }

    [Fact]
    public async Task Control_takes_what_it_is_for_and_no_more()
    {
        var done = await RunAsync(Server.Anna, Server.Job());
        foreach (var (method, path, body) in new[]
        {
            (HttpMethod.Put, "/priority", """{"priority":"urgent","createdBy":"bernd"}"""), (HttpMethod.Put, "/priority", """{"priority":0}"""), (HttpMethod.Put, "/priority", """{"priority":null}"""),
            (HttpMethod.Put, "/priority", "{}"), (HttpMethod.Post, "/retry", """{"requestIds":["r1"],"status":"completed"}"""), (HttpMethod.Post, "/retry", """{"requestIds":"r1"}"""),
        })
        {
            using var request = new HttpRequestMessage(method, $"/api/v1/batch-jobs/{done["id"]}{path}") { Content = Json(body) };
            using var answer = await Server.Anna.SendAsync(request, Cancellation);
            await RefusedAsync(answer, HttpStatusCode.BadRequest, "json-invalid");
        }

        // Two words in one make no third state.
        foreach (var word in new[] { "docx, both", "3", "pdf docx", "" })
        {
            var order = Server.Job();
            order["settings"]!["outputFormat"] = word;
            using var answer = await Server.Anna.PostAsJsonAsync("/api/v1/batch-jobs", order, Cancellation);
            Assert.True(answer.StatusCode is HttpStatusCode.BadRequest or HttpStatusCode.UnprocessableEntity, $"{word}: {answer.StatusCode} {await answer.Content.ReadAsStringAsync(Cancellation)}");
        }

        // A whole job put in the place of one is no address at all.
        foreach (var method in new[] { HttpMethod.Put, HttpMethod.Patch })
        {
            using var request = new HttpRequestMessage(method, $"/api/v1/batch-jobs/{done["id"]}") { Content = Json(done.ToJsonString()) };
            using var answer = await Server.Anna.SendAsync(request, Cancellation);
            await RefusedAsync(answer, HttpStatusCode.MethodNotAllowed, "method-not-allowed");
        }

        using var after = await Server.Anna.GetAsync($"/api/v1/batch-jobs/{done["id"]}", Cancellation);
        Assert.Equal(done.ToJsonString(), (await JsonAsync(after)).ToJsonString());
    }

    [Fact]
    public async Task Nobody_makes_himself_more_than_he_is()
    {
        using var session = await Server.Anna.GetAsync("/api/v1/session", Cancellation);
        var id = (string)(await JsonAsync(session))["id"]!;
        foreach (var (method, path, body) in new[]
        {
            (HttpMethod.Patch, $"/api/v1/users/{id}", """{"role":"administrator"}"""), (HttpMethod.Post, "/api/v1/users", """{"userName":"eve","role":"administrator"}"""), (HttpMethod.Get, "/api/v1/users", null), (HttpMethod.Delete, $"/api/v1/users/{id}", null), (HttpMethod.Get, "/api/v1/audit", null),
        })
        {
            using var request = new HttpRequestMessage(method, path) { Content = body is null ? null : Json(body) };
            using var answer = await Server.Anna.SendAsync(request, Cancellation);
            await RefusedAsync(answer, HttpStatusCode.Forbidden, "not-allowed");
        }

        foreach (var body in new[]
        {
            """{"userName":"anna","password":"a-Password-of-22-chars","role":"administrator"}""", """{"userName":"anna","password":"a-Password-of-22-chars","scopes":["audit:read"]}""", """{"userName":"anna","password":"a-Password-of-22-chars","id":"admin"}""",
        })
        {
            using var answer = await Server.Nobody.PostAsync("/api/v1/session", Json(body), Cancellation);
            await RefusedAsync(answer, HttpStatusCode.BadRequest, "json-invalid");
        }

        foreach (var body in new[] { """{"name":"a","scopes":["jobs:read"],"userId":"admin"}""", """{"name":"a","scopes":["jobs:read"],"key":"cf_known"}""", """{"name":"a","scopes":["jobs:read"],"expiresAt":"2999-01-01T00:00:00Z"}""" })
        {
            using var answer = await Server.Anna.PostAsync("/api/v1/api-keys", Json(body), Cancellation);
            await RefusedAsync(answer, HttpStatusCode.BadRequest, "json-invalid");
        }

        foreach (var body in new[] { """{"name":"a","scopes":["admin"]}""", """{"name":"a","scopes":["jobs:read","*"]}""", """{"name":"a","scopes":[]}""", """{"name":"a","scopes":["jobs:read"],"expiresInDays":100000}""", """{"name":"a","scopes":["jobs:read"],"expiresInDays":-1}""" })
        {
            using var answer = await Server.Anna.PostAsync("/api/v1/api-keys", Json(body), Cancellation);
            await RefusedAsync(answer, HttpStatusCode.UnprocessableEntity, "key-invalid");
        }

        using var administrator = await Server.Admin.PatchAsync($"/api/v1/users/{id}", Json("""{"id":"x","userName":"admin","passwordHash":"x","securityStamp":"x"}"""), Cancellation);
        await RefusedAsync(administrator, HttpStatusCode.BadRequest, "json-invalid");
        using var still = await Server.Anna.GetAsync("/api/v1/session", Cancellation);
        Assert.Equal("user", (string)(await JsonAsync(still))["role"]!);
    }

    private async Task<int> CountAsync()
    {
        using var list = await Server.Anna.GetAsync("/api/v1/batch-jobs?count=200", Cancellation);
        return (await JsonAsync(list))["items"]!.AsArray().Count;
    }
}
