using Microsoft.Extensions.Hosting;
using Swan.MLNet.Hosting;
using Swan.MLNet.Search;

namespace Microsoft.Extensions.DependencyInjection;

// Living indexes.
public static partial class SwanServiceCollectionExtensions
{
    /// <summary>Adds a living index that follows its folder.</summary>
    /// <remarks>
    /// Registers <see cref="SwanLiveIndex"/> as a singleton, which the container owns: disposing the resolved index does nothing. Commits
    /// of other processes, such as <c>swan index add</c>, are in service within <see cref="SwanIndexServiceOptions.RefreshInterval"/>, and
    /// so is another index that replaces the folder; both are logged. If the folder can't be read, the earlier state stays in service. The
    /// options are validated when the host starts. <see cref="SwanIndexHealthCheck"/> checks it. A second call for the same folder changes
    /// the options of the same index; for a second index see <see cref="AddKeyedSwanIndex"/>.
    /// <example>
    /// <code>
    /// builder.Services.AddSwan();
    /// builder.Services.AddSwanIndex("gallery");
    /// app.MapGet("/search", (string text, SwanModel model, SwanLiveIndex index) => index.SearchCaption(model, text, 10));
    /// </code>
    /// </example>
    /// </remarks>
    /// <param name="services">The application's services.</param>
    /// <param name="folder">The index's folder.</param>
    /// <param name="configure">Sets the other options; null: the defaults.</param>
    /// <exception cref="ArgumentException">An index of another folder is already registered.</exception>
    public static IServiceCollection AddSwanIndex(
        this IServiceCollection services, string folder, Action<SwanIndexServiceOptions>? configure = null) =>
        AddIndex(services, null, folder, configure);

    /// <summary>Adds one of several living indexes under a key.</summary>
    /// <remarks>Like <see cref="AddSwanIndex"/>, but keyed: <c>[FromKeyedServices("tiles")] SwanLiveIndex index</c>.</remarks>
    /// <param name="services">The application's services.</param>
    /// <param name="serviceKey">The key, not empty.</param>
    /// <param name="folder">The index's folder.</param>
    /// <param name="configure">Sets the other options; null: the defaults.</param>
    /// <exception cref="ArgumentException">An index of another folder is already registered with the key.</exception>
    public static IServiceCollection AddKeyedSwanIndex(
        this IServiceCollection services, string serviceKey, string folder, Action<SwanIndexServiceOptions>? configure = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(serviceKey);
        return AddIndex(services, serviceKey, folder, configure);
    }

    private static IServiceCollection AddIndex(
        IServiceCollection services, string? key, string folder, Action<SwanIndexServiceOptions>? configure)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(folder);
        string name = key ?? Options.Options.DefaultName;
        RefuseAnother(services, key, folder);
        services.AddOptionsWithValidateOnStart<SwanIndexServiceOptions, SwanIndexServiceOptionsValidation>(name)
            .Configure(options =>
            {
                options.Folder = folder;
                configure?.Invoke(options);
            });
        if (services.Has<ContainerOwned<IndexFollower>>(key)) return services;
        services.AddKeyedSingleton(name, new AddedIndex(folder));
        services.AddOne(key, provider => new ContainerOwned<IndexFollower>(
            new IndexFollower(OptionsFor<SwanIndexServiceOptions>(provider, name), Logger<SwanLiveIndex>(provider)),
            static follower => follower.Close()));
        services.AddOne(key, provider => provider.Own<IndexFollower>(key).Index);
        services.AddSingleton<IHostedService>(provider => new WarmUpService(
            provider, p => OptionsFor<SwanIndexServiceOptions>(p, name).WarmUp, p => p.Own<IndexFollower>(key)));
        return services;
    }

    // Options of one name are one object: the last folder would silently replace the first.
    private static void RefuseAnother(IServiceCollection services, string? key, string folder)
    {
        object name = key ?? Options.Options.DefaultName;
        string? before = services.Where(d => d.ServiceType == typeof(AddedIndex) && name.Equals(d.ServiceKey))
            .Select(d => (d.KeyedImplementationInstance as AddedIndex)?.Folder).FirstOrDefault();
        if (before is null || IsSame(before, folder)) return;
        string call = key is null ? "AddSwanIndex" : $"AddKeyedSwanIndex(\"{key}\")";
        throw new ArgumentException(
            $"{call} has already added the index in '{before}', and would now replace it with the one in '{folder}'. Give each index its "
            + "own key with AddKeyedSwanIndex, or name one folder.",
            nameof(folder));
    }

    private static bool IsSame(string a, string b) =>
        a == b || a.Length > 0 && b.Length > 0 && new IndexFolder(a).Path == new IndexFolder(b).Path;

    // The folder that a call named.
    private sealed record AddedIndex(string Folder);
}
