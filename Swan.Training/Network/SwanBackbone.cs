using System.Text.Json.Serialization;

namespace Swan.Training.Network;

/// <summary>The backbones behind the image tower.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<SwanBackbone>))]
public enum SwanBackbone
{
    /// <summary>The paper's: torchvision's layout, 23.5 M parameters.</summary>
    [JsonStringEnumMemberName("resnet50")]
    ResNet50,

    /// <summary>11.2 M parameters.</summary>
    [JsonStringEnumMemberName("resnet18")]
    ResNet18,

    /// <summary>The compact one: 3.4 M parameters, made for CPUs and int8.</summary>
    [JsonStringEnumMemberName("efficientnet_lite0")]
    EfficientNetLite0,

    /// <summary>1.2 M parameters, without pretrained weights: learns from scratch within minutes on a CPU.</summary>
    [JsonStringEnumMemberName("small_convnet")]
    SmallConvNet,
}
