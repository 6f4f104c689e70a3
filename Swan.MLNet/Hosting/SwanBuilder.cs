using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Swan.MLNet.Hosting;

/// <summary>What <c>services.AddSwan</c> gives back, to go on with the model's options or with other services.</summary>
public sealed class SwanBuilder
{
    internal SwanBuilder(IServiceCollection services, string? serviceKey, OptionsBuilder<SwanOptions> options) =>
        (Services, ServiceKey, Options) = (services, serviceKey, options);

    /// <summary>The application's services.</summary>
    public IServiceCollection Services { get; }

    /// <summary>The key that the model and its generators are registered under; null for the model without one.</summary>
    public string? ServiceKey { get; }

    /// <summary>The model's options, to configure them from other services or to validate more.</summary>
    public OptionsBuilder<SwanOptions> Options { get; }
}
