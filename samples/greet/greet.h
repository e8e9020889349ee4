/* What the three parts of the sysroot sample offer each other. */
const char *first_word(void); /* libwords.so.1 */
int greet(const char *whom);  /* libgreet.so.1 */
