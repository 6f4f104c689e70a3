using System.Text.Json.Serialization;

namespace Swan.MLNet.Transforms;

/// <summary>The content of a SWAN embedding's input column.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<SwanInput>))]
public enum SwanInput
{
    /// <summary>By the column's type: text holds paths of image files, bytes hold encoded images, an image column holds images.</summary>
    Auto,

    /// <summary>Text: the path of an image file.</summary>
    ImagePath,

    /// <summary>An ML.NET image (<c>MLImage</c>), as <c>LoadImages</c> gives it.</summary>
    Image,

    /// <summary>Text: a caption or a query.</summary>
    Caption,

    /// <summary>A vector of bytes, of any length: a whole image file, such as a JPEG from a database or an object store.</summary>
    ImageBytes,
}
