using System.Diagnostics;
using Microsoft.AspNetCore.Http.HttpResults;

namespace ClinicFlow.Server.Web;

/// <summary>Answers a person at a browser with a page where a program gets problem details.</summary>
internal static class StatusPages
{
    /// <summary>Whether a browser asks for something to show: it goes to an address, and says that it takes HTML.</summary>
    public static bool IsWanted(HttpRequest request)
        => (HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method))
            && request.Headers.Accept.ToString().Contains("text/html", StringComparison.OrdinalIgnoreCase)
            && !request.Path.StartsWithSegments("/api") && !request.Path.StartsWithSegments("/hubs") && !request.Path.StartsWithSegments("/health");

    /// <summary>Writes the page of a status.</summary>
    public static Task WriteAsync(HttpContext http, int status)
    {
        var traceId = status >= StatusCodes.Status500InternalServerError ? Activity.Current?.TraceId.ToString() ?? http.TraceIdentifier : null;
        return new RazorComponentResult<StatusPage>(new Dictionary<string, object?> { [nameof(StatusPage.Status)] = status, [nameof(StatusPage.TraceId)] = traceId }) { StatusCode = status }.ExecuteAsync(http);
    }
}
