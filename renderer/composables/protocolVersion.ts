/** Version of the feed contract that this wall speaks. A constant here, as the schema module would pull the validator into the page. */
export const PROTOCOL_VERSION = 1;
