using ClinicFlow.Server.Access;
using ClinicFlow.Server.Problems;
using Microsoft.OpenApi;
using Scalar.AspNetCore;

namespace ClinicFlow.Server.Operations;

/// <summary>The description of the API (OpenAPI 3.1), and the page that shows it.</summary>
internal static class ApiDescription
{
    private static readonly string[] Schemes = ["bearer", "cookie"];

    public static void AddApiDescription(this IServiceCollection services) => services.AddOpenApi("v1", options =>
    {
        options.OpenApiVersion = OpenApiSpecVersion.OpenApi3_1;
        options.ShouldInclude = endpoint => endpoint.RelativePath?.StartsWith("api/", StringComparison.Ordinal) == true;
        options.AddDocumentTransformer((document, _, _) =>
        {
            document.Info = new OpenApiInfo
            {
                Title = "ClinicFlow Documents",
                Version = "v1",
                Description = "Word templates and records become finished DOCX and PDF documents, as durable batch jobs. Errors are problem details (RFC 9457) with a stable code. What is polled has an ETag.",
                License = new OpenApiLicense { Name = "MIT" },
            };
            document.Components ??= new OpenApiComponents();
            document.Components.SecuritySchemes = new Dictionary<string, IOpenApiSecurityScheme>
            {
                ["bearer"] = new OpenApiSecurityScheme { Type = SecuritySchemeType.Http, Scheme = "bearer", Description = "A personal API key (cf_…), or a token of the OpenID provider that the server is set up with." },
                ["cookie"] = new OpenApiSecurityScheme { Type = SecuritySchemeType.ApiKey, In = ParameterLocation.Cookie, Name = "clinicflow", Description = "A sign-in at /api/v1/session. Changes need its antiforgeryToken as the header X-XSRF-TOKEN." },
            };
            return Task.CompletedTask;
        });
        options.AddOperationTransformer((operation, context, _) =>
        {
            var rule = context.Description.ActionDescriptor.EndpointMetadata.OfType<AccessRule>().FirstOrDefault();
            if (rule?.LeastRole is { } role)
            {
                operation.Security = [.. Schemes.Select(scheme => new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference(scheme, context.Document)] = rule.Scope is { } scope ? [scope] : [] })];
                operation.Description = $"{operation.Description} Needs the role {role.ToString().ToLowerInvariant()}{(rule.Scope is { } needed ? $" and, of an API key, the scope {needed}" : "")}.".Trim();
            }

            ApiExamples.Add(operation);
            return Task.CompletedTask;
        });
    });

    public static void MapApiDescription(this WebApplication app)
    {
        app.MapOpenApi("/openapi/v1.json").OpenToAll();
        app.MapScalarApiReference("/docs", page => page.WithTitle("ClinicFlow Documents API").WithOpenApiRoutePattern("/openapi/v1.json").DisableDefaultFonts()).OpenToAll()
            .AddEndpointFilter(async (context, next) => context.HttpContext.GetRouteValue("documentName") is null or "v1" ? await next(context) : ProblemResult.NotFound("page"));
    }
}
