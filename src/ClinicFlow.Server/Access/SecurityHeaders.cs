namespace ClinicFlow.Server.Access;

/// <summary>The headers by which browsers keep what is shown from being misused.</summary>
internal sealed class SecurityHeaders(RequestDelegate next)
{
    /// <summary>For everything but pages: nothing may be loaded or run.</summary>
    private const string NothingRuns = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'; sandbox";

    /// <summary>For the page that shows the API: its script and style are the server's own, its style writes inline.</summary>
    private const string ApiPage = "default-src 'none'; script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self' data:; connect-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'";

    /// <summary>
    /// For the pages: scripts of this server only, none of them inline. Styles are inline too, for MudBlazor writes the
    /// theme and places of things into the page. A PDF is looked at in a frame that holds a blob.
    /// </summary>
    private const string Page = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; font-src 'self'; connect-src 'self'; frame-src 'self' blob:; object-src 'self' blob:; worker-src 'self' blob:; manifest-src 'self'; frame-ancestors 'none'; base-uri 'self'; form-action 'self'";

    /// <summary>Sets them before anything is written: at the last moment, for an exception takes away what was set before.</summary>
    public Task InvokeAsync(HttpContext context)
    {
        context.Response.OnStarting(() => Set(context));
        return next(context);
    }

    private static Task Set(HttpContext context)
    {
        var headers = context.Response.Headers;
        headers.XContentTypeOptions = "nosniff";
        headers.XFrameOptions = "DENY";
        headers["Referrer-Policy"] = "no-referrer";
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        headers["Cross-Origin-Resource-Policy"] = "same-origin";
        headers["Permissions-Policy"] = "camera=(), geolocation=(), microphone=(), payment=()";
        headers.ContentSecurityPolicy = context.Request.Path.StartsWithSegments("/docs") ? ApiPage
            : context.Response.ContentType?.StartsWith("text/html", StringComparison.OrdinalIgnoreCase) == true ? Page
            : NothingRuns;
        if (context.Request.IsHttps)
        {
            headers.StrictTransportSecurity = "max-age=31536000";
        }

        // What is personal is kept by nobody on the way, unless an answer says otherwise.
        if (headers.CacheControl.Count == 0)
        {
            headers.CacheControl = "no-store";
        }

        return Task.CompletedTask;
    }
}
