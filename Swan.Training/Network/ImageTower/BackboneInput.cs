using Swan.MLNet.Imaging;

namespace Swan.Training.Network;

/// <summary>What a backbone's pretrained weights expect of an image. It becomes the model card's preprocessing.</summary>
public static class BackboneInput
{
    /// <summary>The preprocessing of a network: ImageNet's mean and deviation for ResNets, (x − 127) / 128 for EfficientNet-Lite0.</summary>
    public static ImagePreprocessing For(SwanNetworkOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return options.Backbone == SwanBackbone.EfficientNetLite0
            ? new ImagePreprocessing { Size = options.ImageSize, Mean = [127 / 255f, 127 / 255f, 127 / 255f], Std = [128 / 255f, 128 / 255f, 128 / 255f] }
            : new ImagePreprocessing { Size = options.ImageSize };
    }
}
