using ClinicFlow.Client.Contracts;
using ClinicFlow.Server.Access;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Components.Endpoints;

namespace ClinicFlow.Server.Web;

/// <summary>
/// Who may open a page. Every page has exactly one, or the server does not start. It holds for the address, and for going
/// there inside of the app; what the page then shows is decided by the API, call by call.
/// </summary>
[AttributeUsage(AttributeTargets.Class, Inherited = false)]
internal sealed class PageAccessAttribute : AuthorizeAttribute
{
    /// <summary>For users of a role and above.</summary>
    /// <param name="leastRole">Which role the reader must have at least.</param>
    public PageAccessAttribute(Role leastRole) => (LeastRole, Policy) = (leastRole, PolicyOf(leastRole));

    /// <summary>Which role the reader must have at least.</summary>
    public Role LeastRole { get; }

    /// <summary>The name of the rule as a policy.</summary>
    public static string PolicyOf(Role leastRole) => "page:" + leastRole;
}

/// <summary>On a page that everybody may open, signed in or not.</summary>
[AttributeUsage(AttributeTargets.Class, Inherited = false)]
internal sealed class OpenPageAttribute : Attribute, IAllowAnonymous;

/// <summary>Puts the rules of pages on their endpoints.</summary>
internal static class PageRules
{
    /// <summary>What the live connection of a page needs: a user who has signed in.</summary>
    private static readonly AccessRule Circuit = new(null, Role.User);

    public static void AddPageRules(this IServiceCollection services)
    {
        var policies = services.AddAuthorizationBuilder();
        foreach (var role in Enum.GetValues<Role>())
        {
            policies.AddPolicy(PageAccessAttribute.PolicyOf(role), PolicyOf(new AccessRule(null, role)));
        }
    }

    /// <summary>Whether a request is for a page.</summary>
    public static bool IsForPage(HttpContext http) => http.GetEndpoint()?.Metadata.GetMetadata<ComponentTypeMetadata>() is not null;

    /// <summary>Whether a browser asks for a page, to show it: then somebody can be sent to another one.</summary>
    public static bool IsShown(HttpContext http) => IsForPage(http) && StatusPages.IsWanted(http.Request);

    /// <summary>The rule of an endpoint that Blazor made: a page by its attribute, all else as the live connection.</summary>
    public static void Put(EndpointBuilder endpoint)
    {
        if (endpoint.Metadata.OfType<ComponentTypeMetadata>().FirstOrDefault()?.Type is not { } page)
        {
            Put(endpoint, Circuit);
        }
        else if (endpoint.Metadata.OfType<PageAccessAttribute>().SingleOrDefault() is { } access)
        {
            Put(endpoint, new AccessRule(null, access.LeastRole));
        }
        else if (endpoint.Metadata.OfType<OpenPageAttribute>().Any())
        {
            endpoint.Metadata.Add(new AccessRule(null, null));
        }
        else
        {
            throw new InvalidOperationException($"The page {page.Name} does not say who may open it: give it a {nameof(PageAccessAttribute)}.");
        }
    }

    private static void Put(EndpointBuilder endpoint, AccessRule rule)
    {
        endpoint.Metadata.Add(rule);
        endpoint.Metadata.Add(new AuthorizeAttribute());
        endpoint.Metadata.Add(PolicyOf(rule));
    }

    private static AuthorizationPolicy PolicyOf(AccessRule rule) => new AuthorizationPolicyBuilder().RequireAuthenticatedUser().AddRequirements(new AccessRequirement(rule)).Build();
}
