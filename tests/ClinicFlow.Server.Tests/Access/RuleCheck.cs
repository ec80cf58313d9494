using System.Reflection;
using System.Text;
using ClinicFlow.Server.Access;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Patterns;
using Microsoft.AspNetCore.SignalR;
using Microsoft.AspNetCore.StaticAssets;
using Microsoft.Extensions.DependencyInjection;

namespace ClinicFlow.Server.Tests.Access;

/// <summary>Looks through all that a server answers to, endpoint by endpoint and hub method by hub method, for its access rule.</summary>
internal static class RuleCheck
{
    /// <summary>All endpoints of a server.</summary>
    public static IReadOnlyList<RouteEndpoint> EndpointsOf(WebApplication app)
        => [.. ((IEndpointRouteBuilder)app).DataSources.SelectMany(source => source.Endpoints).Cast<RouteEndpoint>()];

    /// <summary>What has no explicit rule, or one that does not hold; empty where all is well.</summary>
    public static async Task<IReadOnlyList<string>> FindOffencesAsync(WebApplication app)
    {
        var policies = app.Services.GetRequiredService<IAuthorizationPolicyProvider>();
        var offences = new List<string>();
        foreach (var endpoint in EndpointsOf(app))
        {
            if (OffenceOf(endpoint) is { } offence)
            {
                offences.Add($"{NameOf(endpoint)} {offence}");
            }
        }

        foreach (var method in HubMethodsOf(app))
        {
            if (await RuleOfAsync(method, policies) is null)
            {
                offences.Add($"{method.DeclaringType!.Name}.{method.Name} has no rule");
            }
        }

        return offences;
    }

    /// <summary>All rules as a table that a person can read: one line for each way in.</summary>
    public static async Task<IReadOnlyList<string>> TableAsync(WebApplication app)
    {
        var policies = app.Services.GetRequiredService<IAuthorizationPolicyProvider>();
        var lines = new List<string>();
        foreach (var endpoint in EndpointsOf(app).Where(endpoint => endpoint.Metadata.GetMetadata<StaticAssetDescriptor>() is null))
        {
            lines.Add($"{NameOf(endpoint)}: {TextOf(endpoint.Metadata.GetRequiredMetadata<AccessRule>())}");
        }

        // The files of pages are many, and their names change with what is in them.
        lines.AddRange(EndpointsOf(app).Where(endpoint => endpoint.Metadata.GetMetadata<StaticAssetDescriptor>() is not null).Select(endpoint => $"files of pages {string.Join(' ', MethodsOf(endpoint))}: {TextOf(endpoint.Metadata.GetRequiredMetadata<AccessRule>())}").Distinct());
        foreach (var method in HubMethodsOf(app))
        {
            lines.Add($"{method.DeclaringType!.Name}.{method.Name}: {TextOf((await RuleOfAsync(method, policies))!)}");
        }

        return [.. lines.Order(StringComparer.Ordinal)];
    }

    /// <summary>The methods that an endpoint takes; GET where it takes all.</summary>
    public static IReadOnlyList<string> MethodsOf(Endpoint endpoint) => endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods is { Count: > 0 } methods ? methods : [HttpMethods.Get];

    /// <summary>A request that finds an endpoint, with something in the place of each parameter and a body of a kind that it takes.</summary>
    public static HttpRequestMessage RequestTo(RouteEndpoint endpoint, string method)
    {
        var path = "/" + string.Join('/', endpoint.RoutePattern.PathSegments.Select(segment => string.Concat(segment.Parts.Select(part => part switch
        {
            RoutePatternLiteralPart literal => literal.Content,
            RoutePatternSeparatorPart separator => separator.Content,
            RoutePatternParameterPart { ParameterPolicies.Count: > 0 } => Guid.NewGuid().ToString(),
            _ => "r1",
        }))));
        var request = new HttpRequestMessage(new HttpMethod(method), path);
        if (!HttpMethods.IsGet(method) && !HttpMethods.IsHead(method))
        {
            var takesForms = endpoint.Metadata.GetMetadata<IAcceptsMetadata>()?.ContentTypes.Contains("multipart/form-data") == true;
            request.Content = takesForms ? new MultipartFormDataContent { { new StringContent("x"), "name" } } : new StringContent("{}", Encoding.UTF8, "application/json");
        }

        return request;
    }

    private static string NameOf(RouteEndpoint endpoint) => $"/{endpoint.RoutePattern.RawText!.TrimStart('/')} {string.Join(' ', MethodsOf(endpoint))}";

    private static string? OffenceOf(Endpoint endpoint)
    {
        var isOpen = endpoint.Metadata.GetMetadata<IAllowAnonymous>() is not null;
        return endpoint.Metadata.GetOrderedMetadata<AccessRule>() switch
        {
            [] => "has no rule",
            { Count: > 1 } => "has more than one rule",
            [{ LeastRole: null }] when !isOpen => "is said to be open to all, and is not",
            [{ LeastRole: not null }] when isOpen => "has a rule that is not asked for",
            [{ LeastRole: not null } rule] when !endpoint.Metadata.GetOrderedMetadata<AuthorizationPolicy>().Any(policy => Demands(policy, rule)) => "has a rule that is not asked for",
            _ => null,
        };
    }

    private static bool Demands(AuthorizationPolicy policy, AccessRule rule) => policy.Requirements.OfType<AccessRequirement>().Any(requirement => requirement.Rule == rule);

    /// <summary>What SignalR lets a client call: the public methods of the hub that are not those of every hub. For Blazor's own hub the rule of its endpoint is all there is.</summary>
    private static IEnumerable<MethodInfo> HubMethodsOf(WebApplication app) => EndpointsOf(app)
        .Select(endpoint => endpoint.Metadata.GetMetadata<HubMetadata>()?.HubType).OfType<Type>().Distinct().Where(hub => hub.Namespace?.StartsWith("Microsoft.AspNetCore.Components", StringComparison.Ordinal) != true)
        .SelectMany(hub => hub.GetMethods(BindingFlags.Public | BindingFlags.Instance).Where(method => !method.IsSpecialName && method.GetBaseDefinition().DeclaringType is { } declarer && declarer != typeof(object) && !declarer.IsAssignableFrom(typeof(Hub))));

    private static async Task<AccessRule?> RuleOfAsync(MethodInfo method, IAuthorizationPolicyProvider policies)
        => method.GetCustomAttribute<AuthorizeAttribute>() is { Policy: { } name } && await policies.GetPolicyAsync(name) is { } policy
            ? policy.Requirements.OfType<AccessRequirement>().SingleOrDefault()?.Rule : null;

    private static string TextOf(AccessRule rule)
        => rule.LeastRole is not { } role ? "anybody" : $"{role.ToString().ToLowerInvariant()}{(rule.Scope is { } scope ? " " + scope : "")}{(rule.BeforePasswordChange ? ", before the password is changed" : "")}";
}
