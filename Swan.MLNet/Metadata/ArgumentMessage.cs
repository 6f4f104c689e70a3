namespace Swan.MLNet.Metadata;

/// <summary>The message of an argument's exception for another message, which names what is wrong in its own words.</summary>
internal static class ArgumentMessage
{
    /// <summary>The message without the parameter's name and the value, which .NET appends.</summary>
    public static string Sentence(this ArgumentException exception) => exception.ParamName is null
        ? exception.Message
        : exception.Message.Split($" (Parameter '{exception.ParamName}')", 2)[0];
}
