using Swan.MLNet.Imaging;

namespace Swan.Training.Network;

/// <summary>The backbones for image towers, by name.</summary>
/// <remarks>
/// <c>resnet50</c>, the paper's, has 23.5 M parameters and <c>resnet18</c> 11.2 M, both in torchvision's layout.
/// <c>efficientnet_lite0</c>, made for CPUs and int8, has 3.4 M. <c>small_convnet</c> has 1.2 M and no pretrained weights: it learns from
/// scratch within minutes on a CPU.
/// Immutable: safe for concurrent use.
/// </remarks>
public static class SwanBackbones
{
    private static readonly ImagePreprocessing ImageNet = new();

    /// <summary>The table, a line for each backbone; nothing else in the library lists them.</summary>
    internal static IReadOnlyList<BackboneSpec> All { get; } =
    [
        new("resnet50", ResNet.Create50, ImageNet, "resnet", ResNetGraph.Append50),
        new("resnet18", ResNet.Create18, ImageNet, "resnet", ResNetGraph.Append18),
        new("efficientnet_lite0", () => new EfficientNetLite0(), EfficientNetLite0.Preprocessing, "lite0", EfficientNetLite0Graph.Append),
        new("small_convnet", () => new SmallConvNet(), ImageNet, "small_convnet", SmallConvNetGraph.Append),
    ];

    /// <summary>The valid values of <see cref="SwanNetworkOptions.Backbone"/>.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. All.Select(b => b.Name)];

    /// <summary>The preprocessing of a network's images: its backbone's mean and standard deviation, and its own side.</summary>
    /// <param name="options">The network's; only the backbone and the side of the image are read.</param>
    /// <exception cref="ArgumentException">The backbone is not one of <see cref="Names"/>; the message lists them.</exception>
    public static ImagePreprocessing PreprocessingFor(SwanNetworkOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return Find(options.Backbone).Preprocessing with { Size = options.ImageSize };
    }

    /// <summary>The backbone of that name.</summary>
    /// <exception cref="ArgumentException">There is none; the message lists those that there are.</exception>
    internal static BackboneSpec Find(string name) =>
        All.FirstOrDefault(b => b.Name == name) ?? throw new ArgumentException(Unknown(name), nameof(name));

    /// <summary>The sentence about a name that is no backbone's.</summary>
    internal static string Unknown(string? name) =>
        $"{nameof(SwanNetworkOptions.Backbone)} is '{name}'; expected one of {string.Join(", ", Names)}.";
}
