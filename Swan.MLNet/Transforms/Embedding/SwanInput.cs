using System.Text.Json.Serialization;

namespace Swan.MLNet.Transforms;

/// <summary>What the input column of a SWAN embedding holds.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<SwanInput>))]
public enum SwanInput
{
    /// <summary>By the column's type: an image column holds images, a text column holds paths of image files.</summary>
    Auto,

    /// <summary>Text: the path of an image file.</summary>
    ImagePath,

    /// <summary>An ML.NET image (<c>MLImage</c>), as <c>LoadImages</c> gives it.</summary>
    Image,

    /// <summary>Text: a caption or a query.</summary>
    Caption,
}
